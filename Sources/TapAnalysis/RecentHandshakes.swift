import TapCore
import TapWebSocket

/// What is known of recent handshakes, to notice what later ones have in common with them.
struct RecentHandshakes {
    /// What is known of a handshake because of an earlier one.
    struct Found {
        var violation: Violation?
        /// That both are legs of one exchange.
        var passed: PassedHandshake?
    }

    private struct Entry {
        let start: ConnectionStart
        let connection: Int
        /// Of the key, or of the number that it begins with.
        let hash: UInt64
        /// Whether others that have nothing to do with it had the same key: then that says nothing.
        var isShared = false
    }

    private var keys = RecentKeys()
    /// A place for each remainder of the number that a connection begins with; the latest is there. Copies come soon.
    private var starts: [Entry?] = []
    /// The same for each remainder of a key's hash. Legs come soon, too: both wait for the same answer.
    private var sent: [Entry?] = []

    private static let places = 1_024
    /// The same in every process: of two keys in one place the earlier one is forgotten, and so is its pair.
    private static let seed: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// Notes a handshake.
    mutating func note(_ start: ConnectionStart, in connection: Int) -> Found {
        if starts.isEmpty {
            starts = Array(repeating: nil, count: RecentHandshakes.places)
            sent = Array(repeating: nil, count: RecentHandshakes.places)
        }
        let hash = FlowKey.mix(UInt64(start.flow.initial.rawValue), RecentHandshakes.seed)
        let place = RecentHandshakes.place(hash)
        let former = starts[place]
        starts[place] = Entry(start: start, connection: connection, hash: hash)
        if let key = start.key, let earlier = keys.note(key, in: connection) {
            return Found(violation: key.violation(sinceConnection: earlier))
        }
        if let former, former.hash == hash, start.isCopy(of: former.start) {
            return Found(violation: start.violation(copyOf: former.start, connection: former.connection))
        }
        guard let key = start.key, key.isRandom else { return Found() }
        return Found(passed: passed(start, key, connection))
    }

    /// The other leg, where the latest handshake with the same key was that.
    private mutating func passed(_ start: ConnectionStart, _ key: SentKey, _ connection: Int) -> PassedHandshake? {
        let hash = key.textHash(seed: RecentHandshakes.seed)
        let place = RecentHandshakes.place(hash)
        let former = sent[place]
        sent[place] = Entry(start: start, connection: connection, hash: hash)
        guard let former, former.hash == hash, former.start.key?.hasText(of: key) ?? false else { return nil }
        let passed =
            former.isShared ? nil : PassedHandshake((former.start, former.connection), (start, connection))
        if passed == nil { sent[place]?.isShared = true }
        return passed
    }

    private static func place(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (places - 1) }
}
