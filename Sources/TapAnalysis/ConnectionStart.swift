import TapCore
import TapHTTP
import TapWebSocket

/// What a connection has in common with a copy of it, as captures on both sides of a port, a router or an address translation
/// have it: where its numbers begin, when, and its endpoints or the key of its handshake. And what tells whether a proxy made
/// it of another one.
///
/// A class: it is handed on many times, and of most nothing is ever asked again.
final class ConnectionStart: Sendable, Codable {
    /// The packet of a head, and its time.
    struct Moment: Sendable, Codable {
        let packet: PacketNumber
        let time: Timestamp

        init(_ head: HTTPHead) { (packet, time) = (head.packet, head.time) }
    }

    let id: ConnectionID
    let flow: FlowIdentity
    let client: Endpoint
    let key: SentKey?
    let time: Timestamp
    /// Request and response, where they were captured.
    let request: Moment?
    let response: Moment?
    /// The heads of the handshake, where handshakes are observed.
    let heads: SentHeads
    /// Whether a connection follows whose end will be told.
    let opens: Bool

    /// How far two copies may be apart in time, in nanoseconds.
    private static let patience: Int64 = 1_000_000_000

    init(_ handshake: borrowing Handshake, of flow: FlowIdentity, key: SentKey?, keepsHeads: Bool) {
        id = handshake.connectionID
        self.flow = flow
        client = handshake.client
        self.key = key
        time = handshake.time
        request = handshake.request.map(Moment.init)
        response = handshake.response.map(Moment.init)
        heads = keepsHeads ? .whole(handshake.request, handshake.response) : .fields(nil, nil)
        opens = handshake.opensConnection
    }

    /// Whether it is a copy of an earlier connection.
    func isCopy(of earlier: ConnectionStart) -> Bool {
        guard flow.initial == earlier.flow.initial,
            time.since(earlier.time).magnitude <= ConnectionStart.patience.magnitude,
            flow.key != earlier.flow.key || flow.network != earlier.flow.network
        else { return false }
        guard let key, let earlierKey = earlier.key else { return flow.key == earlier.flow.key }
        guard key.hasText(of: earlierKey) else { return false }
        if client == earlier.client { return true }
        // Who translates the client's address passes the request on before there can be a response.
        guard let request, let response = earlier.response else { return false }
        return request.packet.rawValue < response.packet.rawValue
    }

    /// What is to be said where it is a copy of an earlier connection.
    func violation(copyOf other: ConnectionStart, connection: Int) -> Violation {
        let place =
            flow.key == other.flow.key
            ? "in another network" : "before or behind an address translation"
        return Violation(
            .captureDuplicated, "the same packets as those of connection \(connection), \(place)",
            [Evidence("connection", .number(UInt64(clamping: connection)))])
    }
}
