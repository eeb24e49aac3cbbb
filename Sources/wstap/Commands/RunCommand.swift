import ArgumentParser
import Glibc
import TapAnalysis
import TapCore
import TapReports
import TapSources

/// `wstap run`
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a program and show its WebSocket traffic, also in TLS, where the program writes its keys.",
        discussion: """
            Examples:
              sudo wstap run -- python3 client.py
              sudo wstap run -o report.ndjson --format ndjson -- node server.js
              sudo wstap run -w kept.pcapng -- curl -N https://stream.example/

            The program has standard input, output and error to itself, and runs as who ran sudo; the table goes to \
            standard error. Its exit code is that of wstap; 125 where capturing failed, 126 and 127 where the program \
            cannot start.
            """)

    @Option(
        name: [.customShort("i", allowingJoined: true), .long], help: "The interface; `wstap interfaces` lists them.",
        completion: InterfacesCommand.completion)
    var interface = "any"

    @Option(
        name: [.customShort("f", allowingJoined: true), .long],
        help: ArgumentHelp("A pcap filter, as in “tcp port 8080”.", valueName: "bpf"))
    var captureFilter: String?

    @Option(
        name: .customShort("w", allowingJoined: true),
        help: ArgumentHelp(
            "Keep the packets in this file too, as pcapng, with the keys of the program behind them.", valueName: "file"
        ),
        completion: .file())
    var write: String?

    @Option(
        name: [.customShort("o", allowingJoined: true), .long],
        help: ArgumentHelp("Where the report goes (default: standard error).", valueName: "file"),
        completion: .file())
    var output: String?

    @Argument(parsing: .postTerminator, help: "The program and its arguments, behind “--”.")
    var command: [String]

    @OptionGroup(title: "Report") var report: ReportArguments
    @OptionGroup(title: "Redaction") var redaction: RedactionOptions
    @OptionGroup(title: "Limits") var limits: LimitOptions

    /// The capture failed, as with timeout(1) and its kin.
    private static let captureFailed = ExitCode(125)

    func validate() throws {
        guard !command.isEmpty else { throw ValidationError("which program? wstap run -- PROGRAM ARGUMENT…") }
        try KeptPackets.check(write)
    }

    func run() throws {
        do {
            try runProgram()
        } catch let error as CaptureError {
            StandardError.say(error.description)
            throw RunCommand.captureFailed
        } catch let error as ChildProgram.StartError {
            StandardError.say(error.reason)
            throw ExitCode(error.exitCode)
        } catch OutputError.failed(let reason) {
            StandardError.say(reason)
            throw RunCommand.captureFailed
        } catch OutputError.readerIsGone {
            throw RunCommand.captureFailed
        }
    }

    private func runProgram() throws {
        _ = try CaptureFilter.checked(captureFilter)
        let keys = try PrivateKeyLog(for: Privileges(userNamed: nil))
        let logs = try KeyLogFiles(paths: [keys.path])
        let target = try output.map { try Output(path: $0) } ?? Output.ofStandardError()
        var options = limits.analysisOptions
        options.hurry()
        options.tls.secretsMayCome = true
        report.narrow(&options)
        options.observesConnections = true
        // Protocols say where their secrets are.
        options.decodesMessages = redaction.isOn
        let made = report.report(terminal: target.isTerminal, showing: nil, upTo: limits.maxShown, naming: HostNames())
        let written = ReportDestination(made, to: target, isLive: true)
        let own = OwnConnections(
            redaction.redaction.map { RedactingDestination(written, $0) } ?? written, of: command[0])
        var pipeline = Pipeline(options, redacting: nil, to: own, isLive: true)
        var capture = LiveOptions()
        capture.filter = captureFilter
        var live = try LiveAnalysis(
            interfaces: [interface], options: capture, keptIn: write, goingOnAs: nil, duration: nil, packets: nil,
            following: logs, isQuiet: true, isBesideProgram: true)
        let program = try ChildProgram(command, with: keys.variables)
        own.sockets = ProcessSockets(of: program.identifier)
        let failure = try live.watch(beside: program, own, &pipeline)
        try live.finish(&pipeline, with: keys.secrets)
        if let failure { StandardError.say(failure.description) }
        if keys.secrets.isEmpty, own.unread > 0 {
            StandardError.say("\(command[0]) wrote no keys, so none of its TLS is read: see wstap explain tls")
        }
        let code = program.wait()
        throw ExitCode(failure == nil ? code : RunCommand.captureFailed.rawValue)
    }
}
