import ArgumentParser
import TapReports

/// `wstap export`
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write what is in a capture for other programs.",
        discussion: """
            Examples:
              wstap export traffic.pcap --to ndjson -o frames.ndjson
              wstap export traffic.pcap --to csv -o frames.csv
              wstap export traffic.pcap --to har -o traffic.har
            """)

    @OptionGroup var input: FileArguments

    @Option(help: "The format to write.")
    var to: ExportFormat

    @Option(name: [.short, .long], help: ArgumentHelp("Where to write; “-” is standard output.", valueName: "file"))
    var output: String

    @Option(help: ArgumentHelp("Which records (json, ndjson, ecs, elastic).", valueName: "list"))
    var events = EventList.standard

    @Flag(help: "Whole messages, joined and inflated, in place of frames (json, ndjson, ecs, elastic).")
    var messages = false

    @Option(help: "How much of each payload is written.")
    var payload = PayloadDetail.full

    @OptionGroup(title: "Limits") var limits: LimitOptions

    func run() throws {
        let isComplete = try Failure.translate {
            let file = try Output(path: output)
            var options = limits.analysisOptions
            options.narrow(to: to.events ?? chosenEvents, payload)
            var pipeline = Pipeline(options, report, to: file, isLive: false)
            return try input.analysis.run(&pipeline).isComplete
        }
        guard isComplete else { throw ExitCode.unreadable }
    }

    func validate() throws {
        if messages, to.events != nil {
            throw ValidationError("--messages goes with --to json, ndjson, ecs and elastic only")
        }
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
        case .tsv: CSVReport(options, separatedBy: .tab)
        case .har: HARReport(version: Wstap.configuration.version, payload: payload)
        case .ecs: ECSReport(options, isBulk: false)
        case .elastic: ECSReport(options, isBulk: true)
        case .zeek: ZeekReport(.tabs)
        case .zeekJSON: ZeekReport(.json)
        case .suricata: SuricataReport()
        }
    }
}
