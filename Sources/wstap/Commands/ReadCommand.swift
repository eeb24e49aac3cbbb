import ArgumentParser
import TapReports

/// `wstap read`
struct ReadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read",
        abstract: "Analyze capture files.",
        discussion: """
            Examples:
              wstap read traffic.pcap
              wstap read --format ndjson traffic.pcapng | jq 'select(.type == "finding")'
              ssh host tcpdump -U -w - port 8080 | wstap read -
            """)

    @OptionGroup var input: FileArguments
    @OptionGroup(title: "Report") var report: ReportArguments
    @OptionGroup(title: "Redaction") var redaction: RedactionOptions
    @OptionGroup(title: "Limits") var limits: LimitOptions

    func run() throws {
        let isComplete = try Failure.translate {
            let output = try Output(path: nil)
            var options = limits.analysisOptions
            report.narrow(&options)
            var pipeline = Pipeline(
                options, report.report(terminal: output.isTerminal), redacting: redaction.redaction, to: output,
                isLive: input.readsStandardInput)
            return try input.analysis.run(&pipeline).isComplete
        }
        guard isComplete else { throw ExitCode.unreadable }
    }
}
