import ArgumentParser
import TapReports

/// `wstap export`
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write frame logs to a file.",
        discussion: """
            Examples:
              wstap export traffic.pcap --to ndjson -o frames.ndjson
              wstap export traffic.pcap --to csv -o frames.csv
            """)

    @OptionGroup var input: FileArguments

    @Option(help: "The format to write.")
    var to: ExportFormat

    @Option(name: [.short, .long], help: ArgumentHelp("Where to write; “-” is standard output.", valueName: "file"))
    var output: String

    @Option(help: ArgumentHelp("Which records (JSON and NDJSON).", valueName: "list"))
    var events = EventList.standard

    @Flag(help: "Whole messages, joined and inflated, in place of frames (JSON and NDJSON).")
    var messages = false

    @Option(help: "How much of each payload is written.")
    var payload = PayloadDetail.full

    @OptionGroup(title: "Filter") var filters: FilterOptions
    @OptionGroup(title: "Limits") var limits: LimitOptions

    func run() throws {
        let isComplete = try Failure.translate {
            var options = limits.analysisOptions
            options.narrow(to: to == .csv ? .frame : chosenEvents, payload)
            let filter = try filters.displayFilter(extending: &options, payloadLimit: limits.maxPayload)
            let file = try Output(path: output)
            var pipeline = Pipeline(options, report, to: file, isLive: false, filter: filter)
            return try input.analysis.run(&pipeline).isComplete
        }
        guard isComplete else { throw ExitCode.unreadable }
    }

    func validate() throws {
        if messages, to == .csv { throw ValidationError("CSV holds frames; --messages goes with json and ndjson") }
    }

    private var chosenEvents: ReportEvents {
        messages ? events.events.withMessagesForFrames : events.events
    }

    private var report: any Report {
        let options = ReportOptions(events: chosenEvents, payload: payload)
        return switch to {
        case .json: JSONReport(options)
        case .ndjson: NDJSONReport(options)
        case .csv: CSVReport(options)
        }
    }
}
