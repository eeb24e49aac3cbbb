import TapCore

/// The pairs of which a connection is still to end.
struct KnownPairs: Sendable {
    private struct Entry {
        var pair: LegPair
        /// When the other leg began to end, once that is known.
        var otherEnd: Timestamp?
    }

    /// Connections that are known to have another leg at once.
    static let limit = 65_536

    private var open: [Int: Entry] = [:]
    var isEmpty: Bool { open.isEmpty }

    /// Takes note of a pair that was found with a handshake; answers it as that sees it.
    mutating func note(_ passed: PassedHandshake, with number: Int, _ totals: inout Summary) -> LegPair {
        totals.noteSecondLeg(passed.second.start.id, of: passed.first.start.id)
        // Of a chain of proxies what was found first stays.
        for leg in [passed.first, passed.second] where leg.start.opens && open[leg.connection] == nil {
            if open.count < KnownPairs.limit {
                open[leg.connection] = Entry(pair: passed.pair(of: leg.connection))
            } else {
                totals.pairsGivenUp += 1
            }
        }
        return passed.pair(of: number)
    }

    /// The pair that a connection belongs to which has ended.
    /// - Parameter end: when that began.
    mutating func end(_ number: Int, _ end: Timestamp?) -> LegPair? {
        guard !open.isEmpty, let entry = open.removeValue(forKey: number) else { return nil }
        var pair = entry.pair
        guard let end else { return pair }
        if let other = entry.otherEnd {
            pair.end = LegPair.End(
                first: other < end ? pair.connection : number, lead: max(other, end).elapsed(since: min(other, end)))
        }
        if open[pair.connection]?.pair.connection == number { open[pair.connection]?.otherEnd = end }
        return pair
    }
}
