import TapBytes
import TapPackets
import TapWebSocket

/// A connection that switched to WebSocket, once it has ended.
public struct Connection: Sendable {
    public internal(set) var number: Int
    public let client: Endpoint
    public let server: Endpoint
    /// When the handshake was complete, or the connection was picked up.
    public let opened: Timestamp
    public let closed: Timestamp
    public package(set) var close: ConnectionClose
    public let fromClient: DirectionStatistics
    public let fromServer: DirectionStatistics
    /// The pings that each peer sent, and how the other answered.
    public let clientPings: PingStatistics
    public let serverPings: PingStatistics

    package init(
        number: Int, client: Endpoint, server: Endpoint, opened: Timestamp, closed: Timestamp, close: ConnectionClose,
        fromClient: DirectionStatistics, fromServer: DirectionStatistics, clientPings: PingStatistics,
        serverPings: PingStatistics
    ) {
        self.number = number
        self.client = client
        self.server = server
        self.opened = opened
        self.closed = closed
        self.close = close
        self.fromClient = fromClient
        self.fromServer = fromServer
        self.clientPings = clientPings
        self.serverPings = serverPings
    }
}
