/// What is sent over a WebSocket connection while it is open.
protocol WebSocketTraffic {
    /// What the opening handshake asks for; `nil` for a room of a chat.
    var requestTarget: String? { get }

    /// Whether nothing more will come; until then the connection stays open.
    var isFinished: Bool { get }

    /// Sends a few segments.
    mutating func exchange(
        over connection: inout TCPConnection, encoder: FrameEncoder, in wire: inout Wire)

    /// Starts no more messages; `exchange` sends what is left.
    mutating func finish()
}

extension WebSocketTraffic {
    var requestTarget: String? { nil }
}
