import ArgumentParser
import TapReports

enum ExportFormat: String, ExpressibleByArgument, CaseIterable {
    case ndjson, json, csv, har

    /// What the format looks at; `nil` where the options say that.
    var events: ReportEvents? {
        switch self {
        case .ndjson, .json: nil
        case .csv: .frame
        case .har: HARReport.events
        }
    }
}
