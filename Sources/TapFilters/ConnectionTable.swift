import TapAnalysis

/// What is remembered of the connections that have not ended, and of the last one that came to nothing.
struct ConnectionTable {
    private var all: [Int: ConnectionFacts] = [:]
    /// The last handshake that did not lead to a connection, whose end would be told.
    private var failed: Int?
    private let limit: Int
    /// No lower number is in use.
    private var oldest = 1

    init(limit: Int) { self.limit = limit }

    subscript(number: Int) -> ConnectionFacts? {
        get { all[number] }
        set { all[number] = newValue }
    }

    mutating func note(_ handshake: Handshake) {
        if let failed { all[failed] = nil }
        failed = handshake.opensConnection ? nil : handshake.connection
        all[handshake.connection] = ConnectionFacts(handshake)
        while all.count > limit {
            all[oldest] = nil
            oldest += 1
        }
    }

    /// Changes what is remembered of a connection, if anything is.
    mutating func change(_ number: Int, _ body: (inout ConnectionFacts) -> Void) {
        guard let index = all.index(forKey: number) else { return }
        body(&all.values[index])
    }
}
