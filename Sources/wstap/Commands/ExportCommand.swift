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
              wstap export traffic.pcap --to html -o report.html
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

    @OptionGroup(title: "Limits") var limits: LimitOptions

    func run() throws {
        let isComplete = try Failure.translate {
            let file = try Output(path: output)
            var options = limits.analysisOptions
            options.narrow(to: analyzedEvents, payload)
            var pipeline = Pipeline(options, report, to: file, isLive: false)
            return try input.analysis.run(&pipeline).isComplete
        }
        guard isComplete else { throw ExitCode.unreadable }
    }

    func validate() throws {
        if messages, to == .csv || to == .html {
            throw ValidationError("\(to.rawValue) holds frames; --messages goes with json and ndjson")
        }
    }

    private var chosenEvents: ReportEvents {
        messages ? events.events.withMessagesForFrames : events.events
    }

    /// What the report needs of the analysis.
    private var analyzedEvents: ReportEvents {
        switch to {
        case .json, .ndjson: chosenEvents
        case .csv: .frame
        // Messages are counted in its statistics.
        case .html: [.frame, .message]
        }
    }

    private var report: any Report {
        let options = ReportOptions(events: chosenEvents, payload: payload)
        return switch to {
        case .json: JSONReport(options)
        case .ndjson: NDJSONReport(options)
        case .csv: CSVReport(options)
        case .html: HTMLReport(options)
        }
    }
}
