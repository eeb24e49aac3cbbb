import ArgumentParser
import TapAnalysis
import TapReports

/// `wstap follow`
struct FollowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "follow",
        abstract: "Show connections as a dialogue: what each side said, after how long, and how it ended.",
        discussion: """
            Examples:
              wstap follow traffic.pcap --connection 3
              wstap follow traffic.pcap --connections-where 'close.code == 1011' --pretty
              wstap follow traffic.pcap --connection 3 --format raw --sender server | jq .

            Without any choice it shows the only connection that there is.
            """)

    @OptionGroup var input: FileArguments

    @Option(help: "For people, or the bytes of the messages, with a line end after each text.")
    var format = FollowFormat.dialogue

    @Flag(help: "JSON on lines of its own, a member a line.")
    var pretty = false

    @OptionGroup var look: TerminalOptions

    @OptionGroup var paging: PagerOptions

    @OptionGroup(title: "Filter") var filters: FilterOptions
    @OptionGroup(title: "Messages") var decoding: DecodingArguments
    @OptionGroup(title: "Redaction") var redaction: RedactionOptions
    @OptionGroup(title: "TLS") var tls: TLSArguments
    @OptionGroup(title: "Limits") var limits: LimitOptions

    func validate() throws {
        if !filters.choosesConnections, input.readsStandardInput {
            throw ValidationError("standard input can be read only once: choose with --connection")
        }
        if pretty, format == .raw {
            throw ValidationError("--pretty is for the dialogue: raw messages stay as they are")
        }
    }

    func run() throws {
        let isComplete = try Failure.translate {
            input.readOnWhenInterrupted()
            var options = limits.analysisOptions
            let logs = try input.extend(&options, with: tls)
            let choice = try choice(options, logs)
            let isPaged = format == .dialogue && !input.readsStandardInput
            let output = try Output(path: nil, pagedBy: isPaged ? paging.command : nil)
            if format == .raw, output.isTerminal {
                throw ValidationError("raw messages could act on the terminal: send them to a file or a program")
            }
            let report = FollowReport(
                choice, sender: filters.sender, form: form(terminal: output.isTerminal), shownLimit: limits.maxShown)
            return try follow(report, to: output, options, logs)
        }
        guard isComplete else { throw ExitCode.unreadable }
    }

    /// Which connections are shown of those that pass the filters.
    private func choice(_ options: AnalysisOptions, _ logs: KeyLogFiles?) throws -> FollowReport.Choice {
        guard filters.choosesConnections else { return .numbers([try only(options, logs)]) }
        return filters.connection.isEmpty ? .all : .numbers(filters.connection)
    }

    /// The only connection that there is. Files are read twice for that.
    private func only(_ all: AnalysisOptions, _ logs: KeyLogFiles?) throws -> ClosedRange<Int> {
        var options = all
        options.narrow(to: [], .full)
        try decoding.extend(&options, for: [], redacting: redaction.isOn)
        var analysis = input.analysis(following: logs)
        analysis.isQuiet = true
        var pipeline = Pipeline(
            options, FollowReport(FollowReport.Choice.none, form: .raw), redacting: redaction.redaction,
            to: try Output(path: nil), isLive: false)
        _ = try analysis.run(&pipeline)
        let directory = (pipeline.report as? FollowReport)?.directory ?? ConnectionDirectory()
        guard let only = directory.only else {
            throw refusal("there is more than one connection", directory)
        }
        return only...only
    }

    private func follow(
        _ report: FollowReport, to output: consuming Output, _ all: AnalysisOptions, _ logs: KeyLogFiles?
    ) throws -> Bool {
        var options = all
        options.narrow(to: [.frame, .message], .full)
        let reads = format != .raw || redaction.isOn
        try decoding.extend(&options, for: reads ? [.frame, .message] : [], redacting: redaction.isOn)
        let filter = try filters.displayFilter(
            extending: &options, payloadLimit: limits.maxPayload, redacting: redaction.redaction,
            reading: input.analysis(following: logs), isDialogue: true)
        let isFiltered = filter != nil
        var pipeline = Pipeline(
            options, report, filteredBy: filter, redacting: redaction.redaction, to: output,
            isLive: input.readsStandardInput)
        let (summary, isComplete) = try input.analysis(following: logs).run(&pipeline)
        guard let report = pipeline.report as? FollowReport else { return isComplete }
        if let absent = filters.connection.first(where: { $0.lowerBound > summary.connections }) {
            if !isFiltered, report.isEmpty {
                throw refusal("there is no connection \(absent.lowerBound)", report.directory)
            }
            filters.noteAbsent(from: summary)
        } else if report.isEmpty {
            StandardError.say("nothing of any connection passes the filter")
        }
        if report.cutMessages > 0 {
            StandardError.say("\(report.cutMessages) messages are longer than what is kept of them (--max-payload)")
        }
        return isComplete
    }

    /// Says what there is to choose from; the command ends with what it answers.
    private func refusal(_ problem: String, _ directory: ConnectionDirectory) -> ExitCode {
        let lines = directory.lines
        StandardError.say(
            lines.isEmpty ? "there is no WebSocket connection" : "\(problem): choose one with --connection")
        if !lines.isEmpty { StandardError.write(lines: lines.map { "  \($0)" }.joined(separator: "\n")) }
        return .usage
    }

    private func form(terminal isTerminal: Bool) -> FollowReport.Form {
        guard format == .dialogue else { return .raw }
        let terminal = look.settings(terminal: isTerminal)
        return .dialogue(width: terminal.width, color: terminal.hasColor, hasSides: isTerminal, isPretty: pretty)
    }
}

enum FollowFormat: String, ExpressibleByArgument, CaseIterable {
    case dialogue, raw
}
