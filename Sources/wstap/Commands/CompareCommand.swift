import ArgumentParser
import TapAnalysis
import TapCore
import TapRedaction
import TapReports

/// `wstap compare`
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare two captures of the same conversations, or two connections of one.",
        discussion: """
            Says how far the clocks are apart, which messages arrived on one side only, how long each was on its way, and what \
            was made of frames in between. Exits with 0 where both are alike, with 1 where they differ, and with 2 where one of \
            them could not be read to its end, or has nothing that the other one has.

            Examples:
              wstap compare client.pcap server.pcap
              wstap compare both-legs.pcap --connections 11,19
              wstap compare --format html client.pcap server.pcap > comparison.html
            """)

    @Argument(
        help: """
            Two captures from two places, A and B; or one, with --connections. “-” is standard input.
            """,
        completion: .file())
    var captures: [String]

    @Option(
        help: ArgumentHelp(
            "Two connections by number, as in 11,19: of one capture, or one of each.", valueName: "numbers"),
        transform: CompareCommand.parseNumbers)
    var connections: [Int] = []

    @Option(help: "How the comparison is shown.")
    var format = CompareFormat.table

    @Option(
        name: [.customShort("f", allowingJoined: true), .long],
        help: ArgumentHelp("A pcap filter, as in “tcp port 8080”.", valueName: "bpf"))
    var captureFilter: String?

    @Option(help: ArgumentHelp("Seconds from which on a message is late.", valueName: "seconds"))
    var slow = 1.0

    @Option(help: "How much is shown of what differs: its beginning, or nothing.")
    var payload = ComparedPayload.preview

    @OptionGroup var look: TerminalOptions
    @OptionGroup var paging: PagerOptions
    @OptionGroup(title: "Redaction") var redaction: RedactionOptions
    @OptionGroup(title: "TLS") var tls: TLSArguments
    @OptionGroup(title: "Limits") var limits: LimitOptions

    private static func parseNumbers(_ text: String) throws -> [Int] {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).compactMap { Int($0) }.filter {
            $0 > 0
        }
        guard numbers.count == 2, text.count(where: { $0 == "," }) == 1 else {
            throw ValidationError("--connections takes two numbers, as in 11,19")
        }
        return numbers
    }

    func validate() throws {
        guard (1...2).contains(captures.count) else {
            throw ValidationError("two captures are compared, or two connections of one")
        }
        guard captures.count == 2 || !connections.isEmpty else {
            throw ValidationError("with what? give another capture, or two of its connections with --connections")
        }
        guard captures.count(where: { $0 == "-" }) <= 1 else {
            throw ValidationError("standard input can be read only once")
        }
        guard captures.count == 2 || connections[0] != connections[1] else {
            throw ValidationError("--connections names the same connection twice")
        }
        guard slow > 0, slow <= 1e9 else { throw ValidationError("--slow must be positive") }
    }

    func run() throws {
        let (comparison, isComplete) = try Failure.translate {
            var output = try Output(path: nil, pagedBy: format == .table ? paging.command : nil)
            var redaction = redaction.redaction
            let isOneCapture = captures.count == 1
            let chosen = isOneCapture ? connections[...] : connections.prefix(1)
            var first = try read(captures[0], Array(chosen), &redaction)
            var second = isOneCapture ? first : try read(captures[1], Array(connections.suffix(1)), &redaction)
            if isOneCapture {
                first.capture = first.capture.choosing(connections[0])
                second.capture = second.capture.choosing(connections[1])
            }
            let comparison = CaptureComparison(
                first.capture, second.capture, isOneCapture: isOneCapture, isChosen: !connections.isEmpty,
                slow: Int64(slow * 1e9))
            if let redaction { StandardError.say(redaction.line) }
            guard !comparison.isEmpty else {
                StandardError.say(nothingShared(first.capture, second.capture))
                throw ExitCode.unreadable
            }
            report(terminal: output.isTerminal).write(comparison, to: &output.buffer)
            try output.finish()
            return (comparison, first.isComplete && second.isComplete)
        }
        guard isComplete else { throw ExitCode.unreadable }
        guard comparison.isAlike else { throw ExitCode.findings }
    }

    /// Reads a capture for what it is compared by.
    /// - Parameter connections: those that are compared; none where all are.
    private func read(
        _ path: String, _ connections: [Int], _ redaction: inout Redaction?
    ) throws -> (capture: ComparedCapture, isComplete: Bool) {
        var options = limits.analysisOptions
        // What a message says is compared by its digest. What is redacted must be known as a whole.
        options.narrow(to: [.frame, .message], self.redaction.isOn ? .full : .preview)
        options.digestsMessages = true
        options.findsPairs = false
        options.decodesMessages = self.redaction.isOn
        // Each may say that the capture lacks something.
        options.findingsPerConnection = .max
        let logs = try tls.extend(
            &options, captures: path == "-" ? [] : [path], isFollowing: path == "-", mayHold: true)
        let destination = ComparedDestination(
            ComparedCapture(named: path, choosing: connections.isEmpty ? nil : Set(connections)), redacting: redaction)
        var pipeline = Pipeline(options, redacting: nil, to: destination)
        let analysis = FileAnalysis(
            paths: [path], filter: captureFilter, logs: logs, readsAhead: WorkerThread.isOfUse, divides: nil)
        let (_, isComplete) = try analysis.run(&pipeline)
        redaction = destination.redaction
        for connection in connections where destination.capture.choosing(connection).isEmpty {
            let what =
                connection > destination.connections
                ? "there is no connection \(connection), the last one is \(destination.connections)"
                : "connection \(connection) was refused: there is nothing to compare"
            throw ValidationError("\(path): \(what)")
        }
        return (destination.capture, isComplete)
    }

    private func nothingShared(_ first: ComparedCapture, _ second: ComparedCapture) -> String {
        for capture in [first, second] where capture.isEmpty {
            return "\(capture.name): there is no WebSocket connection"
        }
        return "no connection is in both captures; --connections says which ones belong together"
    }

    private func report(terminal isTerminal: Bool) -> ComparisonReport {
        let form: ComparisonReport.Form
        switch format {
        case .json: form = .json
        case .html: form = .html(version: Wstap.configuration.version)
        case .table:
            let terminal = look.settings(terminal: isTerminal)
            form = .table(width: terminal.width, color: terminal.hasColor)
        }
        return ComparisonReport(form, isQuoting: payload == .preview)
    }
}

enum CompareFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, html
}

enum ComparedPayload: String, ExpressibleByArgument, CaseIterable {
    case none, preview
}
