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
            Exits with 1 where there is a finding at or above --fail-on, with 2 where the input could not be read to \
            its end, and with 3 where not one WebSocket connection was found.

            Examples:
              wstap verify traffic.pcap
              wstap verify --fail-on warning --ignore close-missing traffic.pcap
              wstap verify --format junit traffic.pcap > wstap.xml
            """)

    @OptionGroup var input: FileArguments

    @Option(help: "How results are shown.")
    var format = VerifyFormat.table

    @Option(help: "The lowest severity that makes the exit code 1.")
    var failOn = Severity.error

    @Option(
        help: ArgumentHelp(
            "Findings that are neither reported nor counted, separated by commas; may be repeated.",
            valueName: "findings"),
        transform: FindingName.parseList)
    var ignore: [[FindingID]] = []

    @Option(help: "The one part to report on (default: all).")
    var only: VerifyScope?

    @Flag(help: "Exit with 0, not 3, where not one WebSocket connection was found.")
    var allowEmpty = false

    @Flag(name: [.short, .long], help: "Every rule of valid handshakes, too, in the table.")
    var verbose = false

    @OptionGroup var look: TerminalOptions

    @OptionGroup var paging: PagerOptions

    @OptionGroup(title: "Filter") var filters: FilterOptions
    @OptionGroup(title: "Redaction") var redaction: RedactionOptions
    @OptionGroup(title: "TLS") var tls: TLSArguments
    @OptionGroup(title: "Limits") var limits: LimitOptions

    func run() throws {
        let chosen = FindingFilter(ignored: Set(ignore.joined()), handshakesOnly: handshakesOnly)
        let (summary, isComplete) = try Failure.translate {
            input.readOnWhenInterrupted()
            let output = try Output(path: nil, pagedBy: format == .table ? paging.command : nil)
            var options = limits.analysisOptions
            let logs = try input.extend(&options, with: tls)
            options.narrow(to: .conformance, .none)
            let filter = try filters.displayFilter(
                extending: &options, payloadLimit: limits.maxPayload, redacting: redaction.redaction,
                reading: input.analysis(following: logs))
            let report = FilteredReport(report(terminal: output.isTerminal), chosen)
            var pipeline = Pipeline(
                options, report, filteredBy: filter, redacting: redaction.redaction, to: output, isLive: false)
            return try input.analysis(following: logs).run(&pipeline)
        }
        filters.noteAbsent(from: summary)
        guard isComplete else { throw ExitCode.unreadable }
        let counted = chosen.filtered(summary)
        let severities = counted.shown?.severities ?? counted.severities
        if severities.keys.contains(where: { $0 >= failOn }) { throw ExitCode.findings }
        guard !allowEmpty, summary.judged(handshakesOnly: handshakesOnly) == 0 else { return }
        let what = handshakesOnly ? "handshake" : "connection"
        StandardError.say("not one WebSocket \(what) was found, so nothing was verified; --allow-empty accepts that")
        throw ExitCode.nothingJudged
    }

    private var handshakesOnly: Bool { only == .handshake }

    private func report(terminal isTerminal: Bool) -> any Report {
        let options = ReportOptions(events: .conformance, payload: .none)
        switch format {
        case .json: return JSONReport(options)
        case .ndjson: return NDJSONReport(options)
        case .junit: return JUnitReport(failingFrom: failOn, handshakesOnly: handshakesOnly)
        case .sarif:
            return SARIFReport(
                files: input.files, version: Wstap.configuration.version, handshakesOnly: handshakesOnly)
        case .table:
            let terminal = look.settings(terminal: isTerminal)
            return HandshakeReport(
                width: terminal.width, color: terminal.hasColor, handshakesOnly: handshakesOnly,
                showsAllRules: verbose)
        }
    }
}

extension Severity: ExpressibleByArgument {}

enum VerifyFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, ndjson, junit, sarif
}

/// The part of the traffic that `verify` reports on.
enum VerifyScope: String, ExpressibleByArgument, CaseIterable {
    case handshake
}
