import Foundation
import TapReports
import Testing

extension Script {
    /// The records that NDJSON has, read by an independent parser.
    func records(_ options: ReportOptions = ReportOptions()) throws -> [[String: Any]] {
        try output(of: NDJSONReport(options)).split(separator: UInt8(ascii: "\n")).map { line in
            try #require(JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
        }
    }

    func lines(_ options: ReportOptions = ReportOptions()) -> [String] {
        text(of: NDJSONReport(options)).split(separator: "\n").map(String.init)
    }
}
