import TapHTTP2

/// What connections of HTTP/2, or of HTTP/3, carried beside WebSocket.
public struct HTTP2Totals: Sendable, Equatable, Codable {
    public internal(set) var connections = 0
    /// Streams that asked for WebSocket.
    public internal(set) var tunnels: UInt64 = 0
    /// Requests that are for nothing of the kind, and those of them that are gRPC by their content type.
    public internal(set) var requests: UInt64 = 0
    public internal(set) var gRPCRequests: UInt64 = 0
    /// CONNECT without a protocol, and with another than WebSocket.
    public internal(set) var connects: UInt64 = 0
    public internal(set) var otherProtocols: UInt64 = 0
    public internal(set) var pushes: UInt64 = 0

    public init() {}

    mutating func add(_ other: HTTP2Totals) {
        connections += other.connections
        tunnels += other.tunnels
        requests += other.requests
        gRPCRequests += other.gRPCRequests
        connects += other.connects
        otherProtocols += other.otherProtocols
        pushes += other.pushes
    }

    /// Adds what was seen of a connection that is over.
    mutating func add(_ counts: HTTP2Counts) {
        tunnels += counts.tunnels
        requests += counts.ordinaryRequests
        gRPCRequests += counts.gRPCRequests
        connects += counts.connects
        otherProtocols += counts.otherProtocols
        pushes += counts.pushes
    }
}
