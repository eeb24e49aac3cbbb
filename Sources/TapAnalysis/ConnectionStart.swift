import TapCore
import TapHTTP
import TapWebSocket

/// What a connection has in common with a copy of it, as captures on both sides of a port, a router or an address translation
/// have it: where its numbers begin, when, and its endpoints or the key of its handshake.
struct ConnectionStart: Sendable {
    let flow: FlowIdentity
    let client: Endpoint
    let key: SentKey?
    let time: Timestamp
    /// The heads of the handshake, as far as they were captured.
    let request: HTTPHead?
    let response: HTTPHead?

    /// How far two copies may be apart in time, in nanoseconds.
    private static let patience: Int64 = 1_000_000_000

    init(_ handshake: Handshake, of flow: FlowIdentity, key: SentKey?) {
        self.flow = flow
        client = handshake.client
        self.key = key
        time = handshake.time
        request = handshake.request
        response = handshake.response
    }

    /// The packets of request and response, where they were captured.
    var requestPacket: PacketNumber? { request?.packet }
    var responsePacket: PacketNumber? { response?.packet }
    var requestTime: Timestamp { request?.time ?? time }

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
        guard let requestPacket, let response = earlier.responsePacket else { return false }
        return requestPacket.rawValue < response.rawValue
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
