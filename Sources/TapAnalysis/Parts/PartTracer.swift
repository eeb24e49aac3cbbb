/// Takes note of what is said on the connections of a part of a capture, for who compares it with what is said on those of others.
///
/// Nobody knows here whether a connection has another leg, so all are followed to their ends.
struct PartTracer {
    private var legs: [Int: TracedLeg] = [:]
    /// How many connections there was no room for.
    private(set) var dropped = 0

    private static let limit = 65_536

    /// What has become known with an observation and may decide about others; at the end of a connection all of it.
    /// - Parameter place: how many observations stand before it.
    mutating func note(
        _ observation: borrowing Observation, of observations: borrowing Observations, at place: Int
    ) -> LegTrace? {
        switch observation {
        case .handshake(let handshake):
            guard handshake.opensConnection, handshake.verdict.isOpeningSeen else { return nil }
            let leg = TracedLeg(handshake)
            if legs.count < PartTracer.limit { legs[leg.connection] = leg } else { dropped += 1 }
            return nil
        case .frame(let frame):
            guard let leg = legs[frame.connection] else { return nil }
            let before = leg.decisive
            leg.note(frame, of: observations)
            return leg.decisive == before ? nil : leg.trace(at: place)
        case .connection(let connection): return legs.removeValue(forKey: connection.number)?.trace(at: place)
        case .message, .finding, .tls: return nil
        }
    }
}

extension TracedLeg {
    /// What of it decides about others while it is open.
    fileprivate struct Decisive: Equatable {
        let first: Sides
        let lost: Sides
    }

    fileprivate var decisive: Decisive {
        Decisive(
            first: sides { $0.first != nil }, lost: sides { !$0.isKnown })
    }

    private func sides(_ isMeant: (MessageTrace) -> Bool) -> Sides {
        (isMeant(fromClient) ? Sides.client : []).union(isMeant(fromServer) ? .server : [])
    }
}
