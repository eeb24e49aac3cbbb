import TapCore

/// Why connections and handshakes ended in the last minute, by a word for each cause: `1006`, `503`.
struct RecentEnds: Sendable {
    private static let seconds: Int64 = 60
    /// Different causes that are told apart in a second.
    private static let causeLimit = 64

    /// By second, the oldest first.
    private var slots: [(second: Int64, counts: [String: UInt64])] = []

    mutating func add(_ cause: String, at time: Timestamp) {
        let second = time.nanoseconds / 1_000_000_000
        // Clocks that go back are rare.
        if slots.last.map({ $0.second < second }) ?? true { slots.append((second, [:])) }
        slots.removeAll { $0.second <= second - RecentEnds.seconds }
        guard let last = slots.indices.last else { return }
        let isKnown = slots[last].counts[cause] != nil || slots[last].counts.count < RecentEnds.causeLimit
        slots[last].counts[isKnown ? cause : "other", default: 0] += 1
    }

    /// The commonest first.
    func counts(at now: Timestamp) -> [(cause: String, count: UInt64)] {
        let first = now.nanoseconds / 1_000_000_000 - RecentEnds.seconds
        var sums: [String: UInt64] = [:]
        for slot in slots where slot.second > first { sums.merge(slot.counts) { $0 + $1 } }
        return sums.map { ($0.key, $0.value) }.sorted { ($1.count, $0.cause) < ($0.count, $1.cause) }
    }
}
