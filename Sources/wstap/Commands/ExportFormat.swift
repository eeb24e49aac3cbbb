import ArgumentParser
import TapReports

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
