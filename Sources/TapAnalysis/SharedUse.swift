import TapWebSocket

/// What the connections of one part hold together. Each part has an equal share of the limits, so that what one may hold
/// does not hang on the others.
struct SharedUse {
    /// Payload bytes kept of frames and messages that are still incomplete.
    var pendingPayload = 0
    /// Bytes held before an upgrade is certain.
    var heldHTTP = 0
    /// Connections of which it is not known yet whether they are WebSocket.
    var undecided = 0
    /// Connections that are followed as WebSocket.
    var tunnels = 0
    let inflaters: InflaterPool
}
