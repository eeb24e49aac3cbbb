import ArgumentParser
import TapAnalysis
import TapReports
import TapWebSocket

/// `wstap follow`
struct FollowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "follow",
        abstract: "Show one connection as a dialogue: what each side said, and how it ended.",
        discussion: """
            Examples:
              wstap follow traffic.pcap --connection 3
              wstap follow traffic.pcap --connection 3 --format raw --sender server | jq .
            """)

    @OptionGroup var input: FileArguments

    @Option(
        help: ArgumentHelp(
            "The connection, by the number that reports give it; not needed where there is only one.",
            valueName: "number"))
    var connection: Int?

    @Option(help: "Whose messages are shown (default: both).")
    var sender: Sender?

    @Option(help: "For people, or the bytes of the messages, with a line end after each text.")
    var format = FollowFormat.dialogue

    @Option(help: "Colours in the dialogue; NO_COLOR and CLICOLOR_FORCE are honoured.")
    var color = ColorChoice.auto

    @OptionGroup var paging: PagerOptions

    @OptionGroup(title: "Messages") var decoding: DecodingArguments
    @OptionGroup(title: "Redaction") var redaction: RedactionOptions
    @OptionGroup(title: "TLS") var tls: TLSArguments
    @OptionGroup(title: "Limits") var limits: LimitOptions

    func validate() throws {
        if connection == nil, input.readsStandardInput {
            throw ValidationError("standard input can be read only once: choose with --connection")
        }
    }

    func run() throws {
        let isComplete = try Failure.translate {
            input.readOnWhenInterrupted()
            var options = limits.analysisOptions
            let logs = try input.extend(&options, with: tls)
            let number = try connection ?? only(options, logs)
            let isPaged = format == .dialogue && !input.readsStandardInput
            let output = try Output(path: nil, pagedBy: isPaged ? paging.command : nil)
            if format == .raw, output.isTerminal {
                throw ValidationError("raw messages could act on the terminal: send them to a file or a program")
            }
            let report = FollowReport(
                number, sender: sender, form: form(terminal: output.isTerminal), shownLimit: limits.maxShown)
            return try follow(report, to: output, options, logs)
        }
        guard isComplete else { throw ExitCode.unreadable }
    }

    /// The only connection that there is. Files are read twice for that.
    private func only(_ all: AnalysisOptions, _ logs: KeyLogFiles?) throws -> Int {
        var options = all
        options.narrow(to: [], .full)
        try decoding.extend(&options, for: [], redacting: redaction.isOn)
        var analysis = input.analysis(following: logs)
        analysis.isQuiet = true
        var pipeline = Pipeline(
            options, FollowReport(nil, form: .raw), redacting: redaction.redaction,
            to: try Output(path: nil), isLive: false)
        _ = try analysis.run(&pipeline)
        let directory = (pipeline.report as? FollowReport)?.directory ?? ConnectionDirectory()
        guard let only = directory.only else { throw refusal(directory) }
        return only
    }

    private func follow(
        _ report: FollowReport, to output: consuming Output, _ all: AnalysisOptions, _ logs: KeyLogFiles?
    ) throws -> Bool {
        var options = all
        options.narrow(to: [.frame, .message], .full)
        let reads = format != .raw || redaction.isOn
        try decoding.extend(&options, for: reads ? [.frame, .message] : [], redacting: redaction.isOn)
        var pipeline = Pipeline(
            options, report, redacting: redaction.redaction, to: output,
            isLive: input.readsStandardInput)
        let isComplete = try input.analysis(following: logs).run(&pipeline).isComplete
        guard let report = pipeline.report as? FollowReport else { return isComplete }
        if let connection, !report.directory.contains(connection) { throw refusal(report.directory) }
        if report.cutMessages > 0 {
            StandardError.say("\(report.cutMessages) messages are longer than what is kept of them (--max-payload)")
        }
        return isComplete
    }

    /// Says what there is to choose from; the command ends with what it answers.
    private func refusal(_ directory: ConnectionDirectory) -> ExitCode {
        let lines = directory.lines
        let problem = connection.map { "there is no connection \($0)" } ?? "there is more than one connection"
        StandardError.say(
            lines.isEmpty ? "there is no WebSocket connection" : "\(problem): choose one with --connection")
        if !lines.isEmpty { StandardError.write(lines: lines.map { "  \($0)" }.joined(separator: "\n")) }
        return .usage
    }

    private func form(terminal isTerminal: Bool) -> FollowReport.Form {
        guard format == .dialogue else { return .raw }
        let terminal = TerminalSettings(color: color, isTerminal: isTerminal)
        return .dialogue(width: terminal.width, color: terminal.hasColor, hasSides: isTerminal)
    }
}

enum FollowFormat: String, ExpressibleByArgument, CaseIterable {
    case dialogue, raw
}
