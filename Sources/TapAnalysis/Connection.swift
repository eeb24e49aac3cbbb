import TapCore
import TapWebSocket

/// A connection that switched to WebSocket, once it has ended.
public struct Connection: Sendable, Codable {
    public internal(set) var number: Int
    /// Its name, the same in every shard of a capture.
    public package(set) var id: ConnectionID
    public package(set) var client: Endpoint
    public package(set) var server: Endpoint
    /// The stream that it is, where HTTP/2 carries it.
    public internal(set) var stream: TunnelStream?
    /// When the handshake was complete, or the connection was picked up.
    public let opened: Timestamp
    /// Never before that.
    public let closed: Timestamp
    /// Nanoseconds between both; `nil` where the clock stepped back, so that nobody knows.
    public let duration: Int64?
    public package(set) var close: ConnectionClose
    /// How long the three segments took that opened its connection of TCP, in nanoseconds: from the SYN to what acknowledged its
    /// answer. `nil` where they were not captured, or one of them was sent twice.
    public internal(set) var roundTrip: Int64?
    /// The connection of TLS that carried it.
    public package(set) var tls: TLSDetails?
    public let fromClient: DirectionStatistics
    public let fromServer: DirectionStatistics
    /// The pings that each peer sent, and how the other answered.
    public let clientPings: PingStatistics
    public let serverPings: PingStatistics
    /// The other leg of it, where it passed a proxy.
    public package(set) var pair: LegPair?
    /// What its messages were read as; `nil` where nobody asked, or there is nothing to say.
    public package(set) var application: ConnectionApplication?

    package init(
        number: Int, id: ConnectionID, client: Endpoint, server: Endpoint, opened: Timestamp, closed: Timestamp,
        duration: Int64?,
        close: ConnectionClose, tls: TLSDetails? = nil, fromClient: DirectionStatistics,
        fromServer: DirectionStatistics,
        clientPings: PingStatistics,
        serverPings: PingStatistics
    ) {
        self.number = number
        self.id = id
        self.client = client
        self.server = server
        self.opened = opened
        self.closed = closed
        self.duration = duration
        self.close = close
        self.tls = tls
        self.fromClient = fromClient
        self.fromServer = fromServer
        self.clientPings = clientPings
        self.serverPings = serverPings
    }
}
