import TapCore
import TapWebSocket

/// What is known of recent handshakes, to notice what later ones have in common with them.
struct RecentHandshakes {
    private struct Entry {
        let start: ConnectionStart
        let connection: Int
    }

    private var keys = RecentKeys()
    /// A place for each remainder of the number that a connection begins with; the latest is there. Copies come soon.
    private var starts: [Entry?] = []

    private static let places = 1_024

    /// Notes a handshake; answers what is wrong with it because of an earlier one.
    mutating func note(_ start: ConnectionStart, in connection: Int) -> Violation? {
        if starts.isEmpty { starts = Array(repeating: nil, count: RecentHandshakes.places) }
        let place =
            Int(truncatingIfNeeded: FlowKey.mix(UInt64(start.flow.initial.rawValue), 0x9E37_79B9_7F4A_7C15))
            & (RecentHandshakes.places - 1)
        let former = starts[place]
        starts[place] = Entry(start: start, connection: connection)
        if let key = start.key, let earlier = keys.note(key, in: connection) {
            return key.violation(sinceConnection: earlier)
        }
        guard let former, start.isCopy(of: former.start) else { return nil }
        return start.violation(copyOf: former.start, connection: former.connection)
    }
}
