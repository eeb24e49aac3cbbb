import ArgumentParser
import TapAnalysis
import TapReports
import TapSources

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
              sudo wstap follow -i eth0 --path /chat
              tail -c +1 -F growing.pcapng | wstap follow -

            Without any choice it shows the only connection that there is in files, and all where they happen now.
            """)

    @Argument(help: "Capture files, as for read; “-” is standard input.", completion: .file())
    var files: [String] = []

    @Option(
        name: [.customShort("i", allowingJoined: true), .long],
        help: ArgumentHelp(
            "In place of files a live interface, or several; `wstap interfaces` lists them.", valueName: "interface"),
        completion: InterfacesCommand.completion)
    var interface: [String] = []

    @Option(
        name: [.customShort("f", allowingJoined: true), .long],
        help: ArgumentHelp("A pcap filter, as in “tcp port 8080”.", valueName: "bpf"))
    var captureFilter: String?

    @Option(
        help: ArgumentHelp(
            "With -i: go on as this user once what needs rights is open (default: who ran sudo).", valueName: "name"))
    var user: String?

    @Option(help: ArgumentHelp("With -i: stop after this time.", valueName: "seconds"))
    var duration: Double?

    @Option(help: "Files: 1 where one thread is to do everything.")
    var threads: Int?

    /// The files, as other commands have them.
    private var input: FileArguments {
        var input = FileArguments()
        (input.files, input.captureFilter, input.threads) = (files, captureFilter, threads)
        return input
    }

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
        guard files.isEmpty != interface.isEmpty else {
            throw ValidationError("follow what? files, or a live interface with -i")
        }
        try InterfaceNames.check(interface)
        try input.validate()
        if interface.isEmpty, user != nil || duration != nil {
            throw ValidationError("--user and --duration are for a live interface (-i)")
        }
        if let duration, !(duration > 0 && duration <= 1e9) { throw ValidationError("--duration must be positive") }
        if pretty, format == .raw {
            throw ValidationError("--pretty is for the dialogue: raw messages stay as they are")
        }
    }

    func run() throws {
        if !interface.isEmpty { return try Failure.translate { try follow(live: interface) } }
        let isComplete = try Failure.translate {
            input.readOnWhenInterrupted()
            var options = limits.analysisOptions
            let logs = try input.extend(&options, with: tls)
            let choice = try choice(options, logs)
            let isPaged = format == .dialogue && !input.readsStandardInput
            let output = try Output(path: nil, pagedBy: isPaged ? paging.command : nil)
            if format == .raw, output.isTerminal { throw FollowCommand.rawRefusal }
            let report = FollowReport(
                choice, sender: filters.sender, form: form(terminal: output.isTerminal), shownLimit: limits.maxShown)
            return try follow(report, to: output, options, logs)
        }
        guard isComplete else { throw ExitCode.unreadable }
    }

    /// Shows what passes interfaces, as it goes.
    private func follow(live interfaces: [String]) throws {
        _ = try CaptureFilter.checked(captureFilter)
        let output = try Output(path: nil)
        if format == .raw, output.isTerminal { throw FollowCommand.rawRefusal }
        var options = limits.analysisOptions
        let logs = try tls.extend(&options, isFollowing: true)
        options.hurry()
        options.narrow(to: [.frame, .message], .full)
        options.findsPairs = false
        let reads = format != .raw || redaction.isOn
        try decoding.extend(&options, for: reads ? [.frame, .message] : [], redacting: redaction.isOn)
        let filter = try filters.displayFilter(
            extending: &options, payloadLimit: limits.maxPayload, redacting: redaction.redaction, reading: nil,
            isDialogue: true)
        let report = FollowReport(
            filters.connection.isEmpty ? .all : .numbers(filters.connection), sender: filters.sender,
            form: form(terminal: output.isTerminal), shownLimit: limits.maxShown)
        var pipeline = Pipeline(
            options, filteredBy: filter, redacting: redaction.redaction,
            to: ReportDestination(report, to: output, isLive: true, followsWindow: look.followsWindow), isLive: true)
        var capture = LiveOptions()
        capture.filter = captureFilter
        var live = try LiveAnalysis(
            interfaces: interfaces, options: capture, keptIn: nil, goingOnAs: user, duration: duration, packets: nil,
            following: logs)
        try live.run(&pipeline)
    }

    private static let rawRefusal = ValidationError(
        "raw messages could act on the terminal: send them to a file or a program")

    /// Which connections are shown of those that pass the filters.
    private func choice(_ options: AnalysisOptions, _ logs: KeyLogFiles?) throws -> FollowReport.Choice {
        guard filters.choosesConnections || input.readsStandardInput else {
            return .numbers([try only(options, logs)])
        }
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
        options.findsPairs = false
        let reads = format != .raw || redaction.isOn
        try decoding.extend(&options, for: reads ? [.frame, .message] : [], redacting: redaction.isOn)
        let filter = try filters.displayFilter(
            extending: &options, payloadLimit: limits.maxPayload, redacting: redaction.redaction,
            reading: input.analysis(following: logs), isDialogue: true)
        let isFiltered = filter != nil
        let isLive = input.readsStandardInput
        var pipeline = Pipeline(
            options, filteredBy: filter, redacting: redaction.redaction,
            to: ReportDestination(
                report, to: output, isLive: isLive, followsWindow: isLive && look.followsWindow),
            isLive: isLive)
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
        let lines = directory.lines(width: StandardError.width.map { $0 - 2 })
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
