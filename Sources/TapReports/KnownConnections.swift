import TapAnalysis

/// The connections that are open, and the one that was reported last.
struct KnownConnections {
    private var open: [Int: ConnectionFacts] = [:]
    private var last: (number: Int, facts: ConnectionFacts)?

    subscript(number: Int) -> ConnectionFacts? { last?.number == number ? last?.facts : open[number] }

    /// Takes up what an observation says; to be called before anything is asked about it.
    mutating func note(_ observation: Observation) {
        switch observation {
        case .handshake(let handshake):
            let facts = ConnectionFacts(handshake)
            last = (handshake.connection, facts)
            // Nothing but its findings follows a handshake that failed.
            if handshake.opensConnection { open[handshake.connection] = facts }
        case .connection(let connection):
            if let facts = open.removeValue(forKey: connection.number) { last = (connection.number, facts) }
        case .frame, .message, .finding, .tls: break
        }
    }
}
