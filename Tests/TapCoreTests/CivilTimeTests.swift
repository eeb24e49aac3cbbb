import Foundation
import TapCore
import TapTestSupport
import Testing

@Suite("CivilTime")
struct CivilTimeTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let nanoseconds: Int64
        let text: String
        var testDescription: String { text }

        init(_ nanoseconds: Int64, _ text: String) {
            self.nanoseconds = nanoseconds
            self.text = text
        }
    }

    @Test(
        "reads timestamps as UTC",
        arguments: [
            Row(0, "1970-01-01 00:00:00.0"),
            Row(-1, "1969-12-31 23:59:59.999999999"),
            Row(951_782_400_000_000_000, "2000-02-29 00:00:00.0"),
            Row(1_709_251_199_000_000_001, "2024-02-29 23:59:59.1"),
            Row(1_709_251_200_000_000_000, "2024-03-01 00:00:00.0"),
            Row(4_107_542_399_999_999_999, "2100-02-28 23:59:59.999999999"),
            Row(4_107_542_400_000_000_000, "2100-03-01 00:00:00.0"),
            Row(1_735_689_599_000_000_000, "2024-12-31 23:59:59.0"),
            Row(.max, "2262-04-11 23:47:16.854775807"),
            Row(.min, "1677-09-21 00:12:43.145224192"),
        ])
    func table(row: Row) {
        let time = CivilTime(Timestamp(nanoseconds: row.nanoseconds))
        let pad = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
        let date = "\(time.year)-\(pad(time.month))-\(pad(time.day))"
        let clock = "\(pad(time.hour)):\(pad(time.minute)):\(pad(time.second)).\(time.nanosecond)"
        #expect("\(date) \(clock)" == row.text)
    }

    @Test("agrees with Foundation's calendar at random times and on each side of every midnight", arguments: 0..<20)
    func oracle(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        for _ in 0..<200 {
            let random = Int64.random(in: -9_223_372_036...9_223_372_036, using: &generator)
            let midnight = random / 86_400 * 86_400
            for seconds in [random, midnight, midnight - 1] {
                let fraction = Int64.random(in: 0..<1_000_000_000, using: &generator)
                guard let nanoseconds = total(seconds, fraction) else { continue }
                let time = CivilTime(Timestamp(nanoseconds: nanoseconds))
                let date = Date(timeIntervalSince1970: Double(seconds))
                let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
                #expect([time.year, time.month, time.day] == [parts.year, parts.month, parts.day])
                #expect([time.hour, time.minute, time.second] == [parts.hour, parts.minute, parts.second])
                #expect(time.nanosecond == Int(fraction))
            }
        }
    }

    private func total(_ seconds: Int64, _ fraction: Int64) -> Int64? {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, sumOverflow) = product.addingReportingOverflow(fraction)
        return overflow || sumOverflow ? nil : sum
    }
}
