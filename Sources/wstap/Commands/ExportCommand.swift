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
              wstap export traffic.pcap --to html -o report.html
              wstap export traffic.pcap --to har -o traffic.har
              wstap export traffic.pcap --to pcapng --connection 3 -o third.pcapng
            """)

    @OptionGroup var input: FileArguments

    @Option(help: "The format to write.")
    var to: ExportFormat

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("A file, “-” for standard output, or a folder (payloads).", valueName: "file"),
        completion: .file())
    var output: String

    @Option(help: ArgumentHelp("Which records (json, ndjson, ecs, elastic).", valueName: "list"))
    var events = EventList.standard

    @Flag(help: "Whole messages, joined and inflated, in place of frames (json, ndjson, ecs, elastic).")
    var messages = false

    @Option(help: "How much of each payload is written.")
    var payload = PayloadDetail.full

    @OptionGroup(title: "Filter") var filters: FilterOptions
    @OptionGroup(title: "Redaction") var redaction: RedactionOptions
    @OptionGroup(title: "Limits") var limits: LimitOptions

    func run() throws {
        let isComplete = try Failure.translate {
            var options = limits.analysisOptions
            options.narrow(to: to.events ?? chosenEvents, payload)
            let filter = try filters.displayFilter(extending: &options, payloadLimit: limits.maxPayload)
            var pipeline = Pipeline(
                options, filteredBy: filter, redacting: redaction.redaction, to: try destination(),
                isConcurrent: input.isConcurrent)
            let (summary, isComplete) = try input.analysis.run(&pipeline)
            filters.noteAbsent(from: summary)
            return isComplete
        }
        guard isComplete else { throw ExitCode.unreadable }
    }

    func validate() throws {
        if output == "-", to == .payloads { throw ValidationError("--to payloads needs a folder: -o FOLDER") }
        if output == "-", to == .sqlite { throw ValidationError("--to sqlite needs a file: -o FILE") }
        if let file = input.files.first(where: { InputPath.isSame($0, as: output) }) {
            throw ValidationError("\(file) is to be read: write to another file")
        }
        if to == .pcapng { try validateCarving() }
        if messages, to.events != nil {
            throw ValidationError("--messages goes with --to json, ndjson, ecs and elastic only")
        }
    }

    private func validateCarving() throws {
        if redaction.redact != nil {
            throw ValidationError("--redact: packets cannot be redacted; export anything but pcapng")
        }
        if let stream = input.files.first(where: InputPath.isStream) {
            throw ValidationError("\(stream): --to pcapng reads its input more than once, which needs a file")
        }
        if let folder = input.files.first(where: { InputPath.isFolder($0, of: output) }) {
            throw ValidationError("\(folder) is to be read: write to another folder")
        }
    }

    private var chosenEvents: ReportEvents {
        messages ? events.events.withMessagesForFrames : events.events
    }

    private func destination() throws(OutputError) -> any Destination {
        let options = ReportOptions(events: chosenEvents, payload: payload)
        switch to {
        case .json: return try file(JSONReport(options))
        case .ndjson: return try file(NDJSONReport(options))
        case .csv: return try file(CSVReport(options))
        case .tsv: return try file(CSVReport(options, separatedBy: .tab))
        case .html: return try file(HTMLReport(options))
        case .har:
            return try file(
                HARReport(
                    version: Wstap.configuration.version, payload: payload, heldLimit: limits.maxArchive))
        case .ecs: return try file(ECSReport(options, isBulk: false))
        case .elastic: return try file(ECSReport(options, isBulk: true))
        case .zeek: return try file(ZeekReport(.tabs))
        case .zeekJSON: return try file(ZeekReport(.json))
        case .suricata: return try file(SuricataReport())
        case .payloads: return try PayloadFolder(path: output)
        case .pcapng: return CarvedCapture(path: output, from: input)
        case .sqlite: return try DatabaseDestination(path: output)
        }
    }

    private func file(_ report: any Report) throws(OutputError) -> any Destination {
        ReportDestination(report, to: try Output(path: output), isLive: false)
    }
}

enum ExportFormat: String, ExpressibleByArgument, CaseIterable {
    case ndjson, json, csv, tsv, html, har, ecs, elastic, zeek
    case zeekJSON = "zeek-json"
    case suricata, payloads, pcapng, sqlite

    /// What the format looks at; `nil` where the options say that.
    var events: ReportEvents? {
        switch self {
        case .ndjson, .json, .ecs, .elastic: nil
        case .csv, .tsv: .frame
        // Messages are counted in its statistics.
        case .html: [.frame, .message]
        case .har: HARReport.events
        case .zeek, .zeekJSON: ZeekReport.events
        case .suricata: SuricataReport.events
        case .payloads: PayloadFolder.events
        case .pcapng: CarvedCapture.events
        case .sqlite: DatabaseDestination.events
        }
    }
}
