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

    /// The latest handshake with a key.
    private struct KeyEntry {
        let handshake: NotedHandshake
        /// Whether others that have nothing to do with it had the same key: then it says nothing.
        let isShared: Bool
    }

    private var keys = RecentKeys()
    /// A place for each remainder of the number that a connection begins with; the latest is there. Copies come soon.
    private var starts: [NotedHandshake?] = []
    /// The same for each remainder of a key's hash. Legs come soon, too: both wait for the same answer.
    private var sent: [KeyEntry?] = []
    private let seed = HashSeed.ofProcess

    private static let places = 1_024

    /// Notes a handshake.
    mutating func note(_ handshake: NotedHandshake) -> Found {
        if starts.isEmpty {
            starts = Array(repeating: nil, count: RecentHandshakes.places)
            sent = Array(repeating: nil, count: RecentHandshakes.places)
        }
        let start = handshake.start
        let place =
            Int(truncatingIfNeeded: FlowKey.mix(UInt64(start.flow.initial.rawValue), 0x9E37_79B9_7F4A_7C15))
            & (RecentHandshakes.places - 1)
        let former = starts[place]
        starts[place] = handshake
        guard let key = start.key else { return Found(violation: violation(of: start, copying: former)) }
        if let earlier = keys.note(key, in: handshake.connection) {
            return Found(violation: key.violation(sinceConnection: earlier))
        }
        if let violation = violation(of: start, copying: former) { return Found(violation: violation) }
        return Found(passed: passed(handshake, key))
    }

    private func violation(of start: ConnectionStart, copying former: NotedHandshake?) -> Violation? {
        guard let former, start.isCopy(of: former.start) else { return nil }
        return start.violation(copyOf: former.start, connection: former.connection)
    }

    /// The other leg, where the latest handshake with the same key was that.
    private mutating func passed(_ handshake: NotedHandshake, _ key: SentKey) -> PassedHandshake? {
        guard key.isRandom else { return nil }
        let place = Int(truncatingIfNeeded: key.textHash(seed: seed)) & (RecentHandshakes.places - 1)
        guard let former = sent[place], former.handshake.start.key?.hasText(of: key) ?? false else {
            sent[place] = KeyEntry(handshake: handshake, isShared: false)
            return nil
        }
        let passed = former.isShared ? nil : PassedHandshake(former.handshake, handshake)
        sent[place] = KeyEntry(handshake: handshake, isShared: passed == nil)
        return passed
    }
}
