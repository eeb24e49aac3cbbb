import ArgumentParser
import TapAnalysis
import TapReports

/// `wstap stats`
struct StatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Statistics on one page: who talked how much, when, how fast, and how it ended.",
        discussion: """
            Examples:
              wstap stats traffic.pcap
              wstap stats --by name traffic.pcap
              wstap stats --format json traffic.pcap | jq .closes
            """)

    @OptionGroup var input: FileArguments

    @Option(help: "How the figures are shown.")
    var format = StatsFormat.table

    @Option(
        help: ArgumentHelp(
            "Requests, answers and how long they took, by type or name; handshakes by path.", valueName: "what"))
    var by: StatsGrouping?

    @OptionGroup var look: TerminalOptions

    @OptionGroup var paging: PagerOptions

    @OptionGroup(title: "Filter") var filters: FilterOptions
    @OptionGroup(title: "Messages") var decoding: DecodingArguments
    @OptionGroup(title: "Redaction") var redaction: RedactionOptions
    @OptionGroup(title: "TLS") var tls: TLSArguments
    @OptionGroup(title: "Limits") var limits: LimitOptions

    func run() throws {
        let isComplete = try Failure.translate {
            input.readOnWhenInterrupted()
            let output = try Output(path: nil, pagedBy: format == .table ? paging.command : nil)
            var options = limits.analysisOptions
            let logs = try input.extend(&options, with: tls)
            options.narrow(to: by == nil ? [.frame, .message] : [.message], .none)
            if by == nil { options.payloadLimit = MessagePairs.payload }
            try decoding.extend(
                &options, for: by == nil || by == .path ? [] : .message, redacting: redaction.isOn)
            let filter = try filters.displayFilter(
                extending: &options, payloadLimit: limits.maxPayload, redacting: redaction.redaction,
                reading: input.analysis(following: logs))
            var pipeline = Pipeline(
                options, report(terminal: output.isTerminal), filteredBy: filter, redacting: redaction.redaction,
                to: output, isLive: false)
            let (summary, isComplete) = try input.analysis(following: logs).run(&pipeline)
            filters.noteAbsent(from: summary)
            return isComplete
        }
        guard isComplete else { throw ExitCode.unreadable }
    }

    func validate() throws {
        if decoding.noDecode, by == .type || by == .name {
            throw ValidationError("--by \(by?.rawValue ?? "") needs what messages say: leave out --no-decode")
        }
    }

    private func report(terminal isTerminal: Bool) -> StatsReport {
        guard format == .table else { return StatsReport(.json, by: by) }
        let terminal = look.settings(terminal: isTerminal)
        return StatsReport(.page(width: terminal.width, color: terminal.hasColor), by: by)
    }
}

extension StatsGrouping: ExpressibleByArgument {}

enum StatsFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json
}
