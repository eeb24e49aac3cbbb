/// Where a shard's observations belong in the merged order.
struct ObservationMarks: Sendable, Codable {
    /// What was observed at one place.
    struct Mark: Codable {
        let order: ObservationOrder
        /// Where its observations end, the keys of its handshakes, and what its legs said.
        let end: Int
        let keys: Int
        let traces: Int
        /// How many connections were given a number there.
        let connections: Int
    }

    var all: [Mark] = []
    var keys: [KeyUse] = []
    /// Where observations are made now.
    var present = ObservationOrder.start
    /// Connections that were given a number since the last mark.
    private var connections = 0
    /// Keys since then.
    private var newKeys = 0
    /// How many observations have their place.
    private var settled = 0

    init() {}

    /// Those that follow others.
    init(after before: ObservationMarks) { present = before.present }

    var isEmpty: Bool { all.isEmpty && connections == 0 && keys.isEmpty }

    mutating func noteConnection() { connections += 1 }

    mutating func note(_ key: KeyUse) {
        keys.append(key)
        newKeys += 1
    }

    /// Whether there is something that has no place yet.
    /// - Parameter count: how many observations there are.
    @inline(__always)
    func isBehind(_ count: Int) -> Bool { count &- settled | connections | newKeys != 0 }

    /// Ends what is observed at the present place.
    /// - Parameter count: how many observations there are.
    mutating func settle(_ count: Int) {
        guard isBehind(count) else { return }
        all.append(Mark(order: present, end: count, keys: keys.count, traces: 0, connections: connections))
        (connections, newKeys, settled) = (0, 0, count)
    }

    mutating func removeAll() {
        all.removeAll(keepingCapacity: true)
        keys.removeAll(keepingCapacity: true)
        (connections, newKeys, settled) = (0, 0, 0)
    }
}
