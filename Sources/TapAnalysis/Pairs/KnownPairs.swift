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
    /// - Parameter isObserved: whether the ends of its connections will be told.
    mutating func note(
        _ passed: PassedHandshake, with number: Int, isObserved: Bool, _ totals: inout Summary
    ) -> LegPair {
        totals.noteSecondLeg(passed.second.start.id, of: passed.first.start.id)
        let (ofFirst, ofSecond) = passed.pair
        if isObserved {
            note(passed.first, ofFirst, &totals)
            note(passed.second, ofSecond, &totals)
        }
        return number == passed.first.connection ? ofFirst : ofSecond
    }

    /// Of a chain of proxies what was found first stays.
    private mutating func note(_ leg: PassedHandshake.Leg, _ pair: LegPair, _ totals: inout Summary) {
        guard leg.start.opens, open[leg.connection] == nil else { return }
        if open.count < KnownPairs.limit {
            open[leg.connection] = Entry(pair: pair)
        } else {
            totals.pairsGivenUp += 1
        }
    }

    /// The pair that a connection belongs to which has ended.
    /// - Parameter end: when that began.
    mutating func end(_ number: Int, _ end: Timestamp?) -> LegPair? {
        guard !open.isEmpty, let entry = open.removeValue(forKey: number) else { return nil }
        var pair = entry.pair
        guard let end else { return pair }
        if let other = entry.otherEnd {
            pair.end = LegPair.End((number, end), (pair.connection, other))
        }
        if open[pair.connection]?.pair.connection == number { open[pair.connection]?.otherEnd = end }
        return pair
    }
}
