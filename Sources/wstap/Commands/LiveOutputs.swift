import ArgumentParser
import Glibc
import TapAnalysis
import TapReports

/// What `live` writes in place beside its report.
enum LiveFormat: String, ExpressibleByArgument, CaseIterable {
    case ndjson, sqlite

    /// The format that the ending of a file's name tells.
    init?(ofFile path: String) {
        switch ExportFormat(ofFile: path) {
        case .ndjson: self = .ndjson
        case .sqlite: self = .sqlite
        case _: return nil
        }
    }
}

/// The files of `--to` and `-o`.
struct LiveOutputs {
    private let outputs: OutputPairs<LiveFormat>

    init(_ paths: [String], typed formats: [LiveFormat]) {
        outputs = OutputPairs(paths, typed: formats, byEnding: LiveFormat.init(ofFile:))
    }

    /// - Parameter kept: the file of packets.
    func check(besides kept: String?) throws {
        try outputs.check("--to ndjson or --to sqlite")
        guard !outputs.paths.contains("-") else {
            throw ValidationError("-o needs a file: on standard output is the report (--format ndjson)")
        }
        if let repeated = InputPath.repeated(in: outputs.paths + [kept].compactMap(\.self)) {
            throw ValidationError("\(repeated.output): only one thing can be written there")
        }
    }

    /// Asks the analysis for what they hold.
    /// - Parameter payloadLimit: bytes that are kept of a payload where nobody wants less.
    /// - Returns: their records.
    func extend(_ options: inout AnalysisOptions, _ report: ReportArguments, payloadLimit: Int) -> ReportEvents {
        let events = outputs.formats.reduce(into: ReportEvents()) { $0.formUnion(LiveOutputs.events(of: $1, report)) }
        guard !events.isEmpty else { return [] }
        var needed = options
        needed.payloadLimit = payloadLimit
        needed.narrow(to: events, report.payload ?? .full)
        options.observesConnections = true
        options.observesFrames = options.observesFrames || needed.observesFrames
        options.observesMessages = options.observesMessages || needed.observesMessages
        options.payloadLimit = max(options.payloadLimit, needed.payloadLimit)
        return events
    }

    private static func events(of format: LiveFormat, _ report: ReportArguments) -> ReportEvents {
        switch format {
        case .ndjson: report.recordedEvents
        case .sqlite: DatabaseDestination.events
        }
    }

    /// Opens the files, while there are rights.
    func open() throws(OutputError) -> [LiveFile] {
        var files: [LiveFile] = []
        for (format, path) in outputs.pairs {
            files.append(try LiveFile(path, mustBeRegular: format == .sqlite))
        }
        return files
    }

    func destinations(in files: [LiveFile], _ report: ReportArguments) throws(OutputError) -> [any Destination] {
        var destinations: [any Destination] = []
        for (format, file) in zip(outputs.formats, files) {
            switch format {
            case .sqlite: destinations.append(LiveDatabase(in: file))
            case .ndjson:
                let descriptor = fcntl(file.descriptor, F_DUPFD_CLOEXEC, 0)
                guard descriptor >= 0 else { throw .failed(file.path, errno) }
                let options = ReportOptions(events: report.recordedEvents, payload: report.payload ?? .full)
                destinations.append(
                    ReportDestination(
                        NDJSONReport(options), to: Output(writing: descriptor, named: file.path), isLive: true))
            }
        }
        return destinations
    }

    /// The capture runs: what the files held goes.
    func begin(_ destinations: [any Destination], in files: [LiveFile]) throws(OutputError) {
        for (destination, file) in zip(destinations, files) {
            if let database = destination as? LiveDatabase { try database.open() } else { try file.begin() }
        }
    }
}
