import TapAnalysis
import TapCore

/// Writes what a merge needs to know of a part of a capture: figures that add up, and one by one only what connections of several parts may
/// have to do with each other, and findings.
public struct PartReport: Report {
    private let version: String
    private var log = PartLog()
    private var statistics = CaptureStatistics()
    private var answers = StatsGrouping.allCases.map { AnswerStatistics($0) }
    private var origin = CaptureOrigin()
    private var start: Timestamp?
    private var isBegun = false

    /// - Parameter version: of the program.
    public init(version: String) { self.version = version }

    public mutating func begin(_ origin: CaptureOrigin) { self.origin = origin }

    public mutating func write(_ observations: Observations, start: Timestamp, to output: inout [UInt8]) {
        begin(&output)
        self.start = self.start ?? start
        for observation in observations.all {
            statistics.note(observation, start: start)
            for index in answers.indices { answers[index].note(observation) }
        }
        let entries = log.entries(of: observations)
        if !entries.isEmpty { PartReport.append(.entries, entries, to: &output) }
    }

    public mutating func finish(_ summary: Summary, dropped: UInt64, to output: inout [UInt8]) {
        begin(&output)
        let totals = PartTotals(
            start: start, summary: summary, dropped: dropped, statistics: statistics, answers: answers,
            untraced: log.untraced, places: origin.places)
        PartReport.append(.totals, totals, to: &output)
        StateRecord.append(.end, [], to: &output)
    }

    private mutating func begin(_ output: inout [UInt8]) {
        guard !isBegun else { return }
        isBegun = true
        output += StateRecord.magic
        PartReport.append(
            .header, PartHeader(version: version, shards: origin.shards, labels: origin.labels), to: &output)
    }

    private static func append(_ kind: StateRecord.Kind, _ value: some Encodable, to output: inout [UInt8]) {
        // Only what is written elsewhere could fail.
        guard let bytes = try? StateEncoder.bytes(of: value) else { return }
        StateRecord.append(kind, bytes, to: &output)
    }
}
