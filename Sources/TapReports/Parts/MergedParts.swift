import TapAnalysis
import TapCore
import TapWebSocket

/// What parts of a capture say together: what one run over the whole capture says.
package struct MergedParts: ~Copyable {
    /// What is to be told of it.
    package enum Form {
        case stats(StatsReport.Form, by: StatsGrouping?)
        /// Findings and the summary, as records.
        case records(CaptureOrigin)
    }

    private let totals: [PartTotals]
    /// Whether one run would read what messages say: statistics only do where they are about that.
    private let readsMessages: Bool
    /// The connections that are known in full, of each part by their numbers there.
    private let known: [[Int: Connection]]
    private let names: Set<ConnectionID>
    private var merge: ObservationMerge
    /// Where what was said on connections is compared: not where one run would not look at frames.
    private var legs: MessagePairs?
    private var merged = Observations()
    private var stats: StatsReport?
    private var records: NDJSONReport?

    package init(_ totals: [PartTotals], as form: Form) {
        self.totals = totals
        merge = ObservationMerge(parts: totals.count)
        known = totals.map(\.knownConnections)
        names = Set(known.flatMap { $0.values.map(\.id) })
        switch form {
        case .stats(let form, let grouping):
            readsMessages = grouping == .type || grouping == .name
            legs = grouping == nil ? MessagePairs() : nil
            stats = StatsReport(form, by: grouping)
            for part in totals { stats?.merge(part) }
        case .records(let origin):
            readsMessages = true
            legs = MessagePairs()
            records = NDJSONReport(ReportOptions(events: [.finding, .summary]))
            if origin.shards != nil { records?.begin(origin) }
        }
    }

    /// The part whose next entries are needed first; `nil` where all have come to their ends.
    package var awaited: Int? { merge.awaited(upTo: .end) }

    /// Takes the next entries of a part, or none at its end, and appends what is to be told of them.
    package mutating func receive(_ entries: PartEntries?, from part: Int, to output: inout [UInt8]) {
        var observations = entries?.observations(with: known[part]) ?? Observations()
        merge.receive(&observations, upTo: entries?.bound ?? .end, from: part)
        merge.merge(into: &merged, upTo: .end)
        legs?.receive(&merged)
        records?.write(merged, start: Timestamp(nanoseconds: 0), to: &output)
        guard stats != nil else { return }
        for case .connection(var connection) in merged.all where names.contains(connection.id) {
            if !readsMessages { connection.application = nil }
            stats?.noteBusiest(connection)
        }
    }

    /// Appends what is to be told of all, once no part has more to say.
    package mutating func finish(to output: inout [UInt8]) -> Summary {
        var summary = merge.summary(of: totals.map(\.summary))
        if legs != nil { summary.pairsGivenUp &+= totals.reduce(0) { $0 &+ $1.untraced } }
        legs?.add(to: &summary)
        if !readsMessages { summary.keep { $0.family != .application } }
        summary.faults = totals.flatMap(\.summary.faults)
        let dropped = totals.reduce(0) { $0 &+ $1.dropped }
        stats?.finish(summary, dropped: dropped, to: &output)
        records?.finish(summary, dropped: dropped, to: &output)
        return summary
    }
}
