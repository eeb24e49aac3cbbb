import ArgumentParser
import TapAnalysis
import TapCore
import TapReports
import TapSources

/// `wstap read`
struct ReadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read",
        abstract: "Analyze capture files.",
        discussion: """
            Examples:
              wstap read traffic.pcap
              wstap read -Y 'websocket.opcode == 1 && ip.addr == 10.0.0.7' traffic.pcap
              wstap read --grep error --hide heartbeat traffic.pcap
              wstap read --format ndjson traffic.pcapng | jq 'select(.type == "finding")'
              ssh host tcpdump -U -w - port 8080 | wstap read -
            """)

    @OptionGroup var input: FileArguments

    @Flag(
        help: """
            Show host names beside addresses, from the name resolution blocks of the pcapng files. \
            No lookups are made.
            """)
    var names = false

    @OptionGroup(title: "Filter") var filters: FilterOptions
    @OptionGroup(title: "Report") var report: ReportArguments
    @OptionGroup(title: "Messages") var decoding: DecodingArguments
    @OptionGroup var paging: PagerOptions
    @OptionGroup(title: "Redaction") var redaction: RedactionOptions
    @OptionGroup(title: "TLS") var tls: TLSArguments
    @OptionGroup(title: "Limits") var limits: LimitOptions

    func run() throws {
        let isComplete = try Failure.translate {
            input.readOnWhenInterrupted()
            let isPaged = report.format == .table && !input.readsStandardInput
            let output = try Output(path: nil, pagedBy: isPaged ? paging.command : nil)
            var options = limits.analysisOptions
            let logs = try input.extend(&options, with: tls)
            report.narrow(&options)
            try decoding.extend(&options, for: report.chosenEvents, redacting: redaction.isOn)
            let filter = try filters.displayFilter(
                extending: &options, payloadLimit: limits.maxPayload, redacting: redaction.redaction,
                reading: input.analysis(following: logs))
            var pipeline = Pipeline(
                options,
                report.report(
                    terminal: output.isTerminal, showing: filters.search, upTo: limits.maxShown, naming: hostNames(),
                    numbering: streamNumbers(options), sorting: !isStream),
                filteredBy: filter,
                redacting: redaction.redaction, to: output, isLive: input.readsStandardInput,
                isConcurrent: input.isConcurrent)
            let (summary, isComplete) = try input.analysis(following: logs).run(&pipeline)
            filters.noteAbsent(from: summary)
            return isComplete
        }
        guard isComplete else { throw ExitCode.unreadable }
    }

    /// Whether packets may come one by one, so that rows must not wait for more.
    private var isStream: Bool { input.files.contains(where: InputPath.isStream) }

    /// Wireshark's numbers, where they are shown. Files are read once more for them, which a pipe cannot be.
    private func streamNumbers(_ options: AnalysisOptions) -> StreamNumbers? {
        guard report.showsStreams, !isStream, !redaction.hidesAddresses else { return nil }
        return StreamNumbers(of: input.files, options)
    }

    /// The names to show, without secrets where these are taken out; what could not be read is told on standard error.
    private func hostNames() -> HostNames {
        guard names else { return HostNames() }
        let found = CaptureNames(paths: input.files)
        for warning in found.warnings { StandardError.say(warning.description) }
        guard var redaction = redaction.redaction else { return found.names }
        return redaction.redacted(found.names)
    }
}
