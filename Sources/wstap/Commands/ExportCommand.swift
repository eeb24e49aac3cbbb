import ArgumentParser
import TapAnalysis
import TapReports

/// `wstap export`
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Export a capture to other formats.",
        discussion: """
            Examples:
              wstap export traffic.pcap --to ndjson -o frames.ndjson
              wstap export traffic.pcap --to csv -o frames.csv
              wstap export traffic.pcap --to html -o report.html
              wstap export traffic.pcap --to har -o traffic.har
              wstap export traffic.pcap --to pcapng --connection 3 -o third.pcapng
              wstap export traffic.pcap --decrypted --keylog keys.log -o plain.pcapng
              wstap export traffic.pcap --to sqlite -o a.db --to html -o a.html
              wstap export shards/shard-000.pcapng --to parts -o shards/shard-000.part
              wstap export ring_2.pcapng -o 2.ndjson --carry-from 1.open --carry-to 2.open
            """)

    @Option(
        name: .customLong("to"),
        help: """
            The format to write; several are written in one run, each where its own -o says. Without it the ending of the \
            file tells the format.
            """)
    var typedFormats: [ExportFormat] = []

    @Option(
        name: [.customShort("o", allowingJoined: true), .long],
        help: ArgumentHelp("A file, “-” for standard output, or a folder (payloads).", valueName: "file"),
        completion: .file())
    var output: [String] = []

    @Option(help: ArgumentHelp("Which records (json, ndjson, ecs, elastic).", valueName: "list"))
    var events = EventList.standard

    @Flag(help: "Whole messages, joined and inflated, in place of frames (json, ndjson, csv, tsv, ecs, elastic).")
    var messages = false

    @Option(help: "How much of each payload is written.")
    var payload = PayloadDetail.full

    @Option(
        help: """
            Which TLS secrets a pcapng file gets: used (those of the connections in it) or none (default: used where \
            --keylog or --rsa-key is given, or the input has some, and of these only what it has).
            """)
    var secrets: SecretsOnDemand.Choice?

    @Flag(
        help: """
            Write what TLS carries in place of TLS into a pcapng file: the connections that were read are plain TCP in it, \
            which needs no keys.
            """)
    var decrypted = false

    @Option(
        help: ArgumentHelp(
            """
            The permissions of a new file, in octal. A file that takes another's place has the permissions and the owner of \
            that.
            """, valueName: "octal"))
    var mode = FileMode.private

    @Option(
        help: ArgumentHelp(
            """
            Keep the packets of all connections that are open at the end, for the run over the next capture. They are not told \
            to have ended.
            """, valueName: "file"),
        completion: .file())
    var carryTo: String?

    @Option(
        help: ArgumentHelp(
            "Go on where the capture before ended, with what --carry-to kept there. Nothing of it is told again.",
            valueName: "file"),
        completion: .file())
    var carryFrom: String?

    @Option(
        help: ArgumentHelp(
            "Bytes that --carry-to keeps. Where more is open, it is told to have ended, and nothing is kept.",
            valueName: "bytes"))
    var maxCarried = 1 << 30

    @OptionGroup var input: FileArguments
    @OptionGroup(title: "Filter") var filters: FilterOptions
    @OptionGroup(title: "Messages") var decoding: DecodingArguments
    @OptionGroup(title: "Redaction") var redaction: RedactionOptions
    @OptionGroup(title: "TLS") var tls: TLSArguments
    @OptionGroup(title: "Limits") var limits: LimitOptions

    func run() throws {
        let unfinished = UnfinishedFiles()
        unfinished.watch(readsOn: input.readsPipe)
        let isComplete = try Failure.translate {
            var options = limits.analysisOptions
            if carry.isUsed { options.findsPairs = false }
            let logs = try input.extend(&options, with: tls, also: carryFrom)
            options.narrow(to: to.reduce([]) { $0.union($1.events(areMessages: messages) ?? chosenEvents) }, payload)
            if isPart { options.payloadLimit = MessagePairs.payload }
            // Protocols say where the secrets of messages are.
            let reading = to.filter { $0.tellsMessages || redaction.isOn && $0 == .payloads }
            let told = reading.reduce(into: ReportEvents()) {
                $0.formUnion($1.events(areMessages: messages) ?? chosenEvents)
            }
            try decoding.extend(&options, for: told, redacting: redaction.isOn)
            let filter = try filters.displayFilter(
                extending: &options, payloadLimit: limits.maxPayload, redacting: redaction.redaction,
                reading: input.analysis(following: logs))
            if carry.isUsed, filter != nil {
                throw ValidationError("--carry-to and --carry-from are of everything that there is: no filters")
            }
            if isPart, filter != nil { throw ValidationError("--to parts is of everything that there is: no filters") }
            var pipeline = Pipeline(
                options, filteredBy: filter, redacting: redaction.redaction,
                to: try destination(options, among: unfinished),
                isConcurrent: input.isConcurrent, isPart: isPart)
            if carry.isUsed {
                let analysis = CarriedAnalysis(paths: input.files, carried: carry, unfinished: unfinished)
                return try analysis.run(&pipeline)
            }
            var analysis = input.analysis(following: logs)
            analysis.isPart = isPart
            let (summary, isComplete) = try analysis.run(&pipeline)
            filters.noteAbsent(from: summary)
            return isComplete
        }
        guard isComplete else { throw ExitCode.unreadable }
    }

    private var carry: CarriedCaptures {
        CarriedCaptures(next: carryTo, former: carryFrom, limit: maxCarried)
    }

    /// Whether connections are compared by who merges parts.
    private var isPart: Bool { to.contains(.parts) }

    private var outputs: OutputPairs<ExportFormat> {
        OutputPairs(output, typed: typedFormats, byEnding: ExportFormat.init(ofFile:))
    }

    /// The format of each output.
    private var to: [ExportFormat] { outputs.formats }

    func validate() throws {
        let formats = "formats: " + ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")
        guard !output.isEmpty else { throw ValidationError("where to? -o FILE, and --to FORMAT (\(formats))") }
        try outputs.check("--to FORMAT (\(formats))")
        try carry.validate(input, Array(outputs.pairs).map { ($0, $1) }, redaction)
        if isPart, to.count > 1 { throw ValidationError("--to parts goes alone") }
        if isPart, redaction.isOn { throw ValidationError("--redact: parts are of everything that there is") }
        for (format, path) in outputs.pairs {
            if path == "-", format == .payloads { throw ValidationError("--to payloads needs a folder: -o FOLDER") }
            if path == "-", format == .sqlite { throw ValidationError("--to sqlite needs a file: -o FILE") }
            if let file = input.files.first(where: { InputPath.isSame($0, as: path) }) {
                throw ValidationError("\(file) is to be read: write to another file")
            }
            if format == .pcapng { try validateCarving(to: path) }
        }
        if let before = InputPath.repeated(in: output)?.before {
            throw ValidationError("\(before == "-" ? "standard output" : before): only one format can be written there")
        }
        if decrypted, !to.contains(.pcapng) { throw ValidationError("--decrypted goes with --to pcapng only") }
        if decrypted, secrets == .used {
            throw ValidationError("--decrypted leaves nothing to decrypt: --secrets used is of no use with it")
        }
        if secrets != nil, !to.contains(.pcapng) { throw ValidationError("--secrets goes with --to pcapng only") }
        if mode != .private, to.allSatisfy({ $0 == .payloads }) {
            throw ValidationError("--mode goes with files: only you can read a folder of payloads")
        }
        if events.isTyped, !to.contains(where: { $0.events(areMessages: messages) == nil }) {
            throw ValidationError("--events goes with --to json, ndjson, ecs and elastic only")
        }
        if messages, !to.contains(where: \.hasMessagesForFrames) {
            throw ValidationError("--messages goes with --to json, ndjson, csv, tsv, ecs and elastic only")
        }
    }

    private func validateCarving(to output: String) throws {
        if redaction.isOn {
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

    private func destination(
        _ all: AnalysisOptions, among unfinished: UnfinishedFiles
    ) throws(OutputError) -> any Destination {
        var destinations: [any Destination] = []
        for (format, path) in outputs.pairs {
            destinations.append(try destination(format, path, all, among: unfinished))
        }
        return destinations.count == 1 ? destinations[0] : SeveralDestinations(destinations)
    }

    /// Where the secrets are that a capture is to get.
    private func secrets(of options: AnalysisOptions) -> (supply: SecretsOnDemand, includesLogs: Bool)? {
        guard !decrypted, secrets != SecretsOnDemand.Choice.none, let supply = options.tls.supply as? SecretsOnDemand
        else {
            return nil
        }
        return (supply, secrets == .used || !tls.keylog.isEmpty || !tls.rsaKey.isEmpty)
    }

    /// What a page says that it is of. Folders are nobody's business who gets it.
    private var scope: HTMLScope {
        var scope = HTMLScope()
        scope.captures = input.files.map { path in
            path == "-" ? "standard input" : path.split(separator: "/").last.map(String.init) ?? path
        }
        scope.version = Wstap.configuration.version
        guard let what = redaction.redaction?.scope else { return scope }
        let parts =
            ["secrets"] + (what == .payloads ? ["payloads"] : []) + (redaction.hidesAddresses ? ["addresses"] : [])
        scope.redaction = parts.joined(separator: " and ")
        return scope
    }

    private func destination(
        _ format: ExportFormat, _ path: String, _ all: AnalysisOptions, among unfinished: UnfinishedFiles
    ) throws(OutputError) -> any Destination {
        let events = format.events(areMessages: messages) ?? chosenEvents
        let options = ReportOptions(events: events, payload: payload)
        let report: any Report
        switch format {
        case .json: report = JSONReport(options)
        case .ndjson: report = NDJSONReport(options)
        case .csv: report = CSVReport(options)
        case .tsv: report = CSVReport(options, separatedBy: .tab)
        case .html: report = HTMLReport(options, scope: scope)
        case .har:
            report = HARReport(version: Wstap.configuration.version, payload: payload, heldLimit: limits.maxArchive)
        case .ecs: report = ECSReport(options, isBulk: false)
        case .elastic: report = ECSReport(options, isBulk: true)
        case .zeek: report = ZeekReport(.tabs)
        case .zeekJSON: report = ZeekReport(.json)
        case .suricata: report = SuricataReport()
        case .parts: report = PartReport(version: Wstap.configuration.version)
        case .payloads: return try PayloadFolder(path: path)
        case .pcapng:
            let file = path == "-" ? nil : try OutputFile(path, mode: mode.rawValue, among: unfinished)
            return CarvedCapture(
                path: path, in: file, from: input, secrets: secrets(of: all), decryption: decrypted ? all : nil)
        case .sqlite: return try DatabaseDestination(path: path, mode: mode.rawValue, among: unfinished)
        }
        let output = try Output.replacing(path, mode: mode.rawValue, among: unfinished)
        return ReportDestination(report, to: output, isLive: false)
    }
}

enum ExportFormat: String, ExpressibleByArgument, CaseIterable {
    case ndjson, json, csv, tsv, html, har, ecs, elastic, zeek
    case zeekJSON = "zeek-json"
    case suricata, payloads, pcapng, sqlite, parts

    /// The format that the ending of a file's name tells.
    init?(ofFile path: String) {
        guard let ending = path.split(separator: "/").last?.split(separator: ".").dropFirst().last else { return nil }
        switch ending.lowercased() {
        case "ndjson", "jsonl": self = .ndjson
        case "json": self = .json
        case "csv": self = .csv
        case "tsv": self = .tsv
        case "html", "htm": self = .html
        case "har": self = .har
        case "pcapng": self = .pcapng
        case "db", "sqlite", "sqlite3": self = .sqlite
        case "part": self = .parts
        case _: return nil
        }
    }

    /// Whether it can hold messages in place of frames.
    var hasMessagesForFrames: Bool {
        switch self {
        case .ndjson, .json, .csv, .tsv, .ecs, .elastic: true
        case .html, .har, .zeek, .zeekJSON, .suricata, .payloads, .pcapng, .sqlite, .parts: false
        }
    }

    /// Whether it has a place for what messages say in their protocols.
    var tellsMessages: Bool {
        switch self {
        case .json, .ndjson, .csv, .tsv, .ecs, .elastic, .har, .sqlite, .html, .parts: true
        case .zeek, .zeekJSON, .suricata, .payloads, .pcapng: false
        }
    }

    /// What the format looks at; `nil` where the options say that.
    /// - Parameter areMessages: whether messages are wanted in place of frames.
    func events(areMessages: Bool) -> ReportEvents? {
        switch self {
        case .ndjson, .json, .ecs, .elastic: nil
        case .csv, .tsv: areMessages ? .message : .frame
        // Messages are counted in their statistics.
        case .html, .parts: [.frame, .message]
        case .har: HARReport.events
        case .zeek, .zeekJSON: ZeekReport.events
        case .suricata: SuricataReport.events
        case .payloads: PayloadFolder.events
        case .pcapng: CarvedCapture.events
        case .sqlite: DatabaseDestination.events
        }
    }
}
