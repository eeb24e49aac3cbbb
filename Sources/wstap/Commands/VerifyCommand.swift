import ArgumentParser
import TapAnalysis
import TapReports
import TapWebSocket

/// `wstap verify`
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify handshakes and protocol conformance: a report and an exit code.",
        discussion: """
            Exits with 1 where there is a finding at or above --fail-on.

            Examples:
              wstap verify traffic.pcap
              wstap verify --fail-on warning --format json traffic.pcap
            """)

    @OptionGroup var input: FileArguments

    @Option(help: "How results are shown.")
    var format = OutputFormat.table

    @Option(help: "The least severity of a finding that makes the exit code 1.")
    var failOn = Severity.error

    @Option(help: "Colours in the table; NO_COLOR is honoured.")
    var color = ColorChoice.auto

    @OptionGroup(title: "Limits") var limits: LimitOptions

    func run() throws {
        let (summary, isComplete) = try Failure.translate {
            let output = try Output(path: nil)
            var options = limits.analysisOptions
            options.narrow(to: .conformance, .none)
            var pipeline = Pipeline(options, report(terminal: output.isTerminal), to: output, isLive: false)
            return try input.analysis.run(&pipeline)
        }
        guard isComplete else { throw ExitCode.unreadable }
        if summary.findings.keys.contains(where: { $0.severity >= failOn }) { throw ExitCode.findings }
    }

    private func report(terminal isTerminal: Bool) -> any Report {
        let options = ReportOptions(events: .conformance, payload: .none)
        switch format {
        case .json: return JSONReport(options)
        case .ndjson: return NDJSONReport(options)
        case .table:
            let terminal = TerminalSettings(color: color, isTerminal: isTerminal)
            return HandshakeReport(width: terminal.width, color: terminal.hasColor)
        }
    }
}

extension Severity: ExpressibleByArgument {}
