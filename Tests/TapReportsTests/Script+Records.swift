import Foundation
import TapReports
import TapTestSupport
import Testing

extension Script {
    /// The records that NDJSON has, read by an independent parser; none may state a time that no clock shows.
    func records(_ options: ReportOptions = ReportOptions()) throws -> [[String: Any]] {
        try output(of: NDJSONReport(options)).split(separator: UInt8(ascii: "\n")).map { line in
            let record = try #require(JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
            #expect(RecordTimes.faults(in: record).isEmpty)
            return record
        }
    }

    func lines(_ options: ReportOptions = ReportOptions()) -> [String] {
        text(of: NDJSONReport(options)).split(separator: "\n").map(String.init)
    }
}
