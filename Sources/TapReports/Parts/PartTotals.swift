import TapAnalysis
import TapCore

/// What a part of a capture says of itself first.
package struct PartHeader: Codable {
    /// Of the program that wrote it: another one may keep other things.
    package let version: String
    /// Which shards it is of; absent where it is of a whole capture.
    package let shards: ShardSet?
    package let labels: [CaptureLabel]
}

/// What is added up of a part of a capture.
package struct PartTotals: Codable {
    /// When the first packet of the whole capture was captured; absent where there was none.
    package let start: Timestamp?
    package let summary: Summary
    /// Packets that a live capture lost.
    package let dropped: UInt64
    let statistics: CaptureStatistics
    let answers: [AnswerStatistics]
    /// How many connections could not be compared with those of other parts by what was said.
    let untraced: Int
    package let places: PacketPlaces?

    /// The connections that are known in full, by their numbers in the part.
    package var knownConnections: [Int: Connection] {
        Dictionary(statistics.busiest.map { ($0.number, $0) }) { first, _ in first }
    }
}
