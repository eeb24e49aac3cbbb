/// The stream of HTTP/2 that a connection is, where it is no connection of TCP. RFC 8441.
public struct TunnelStream: Hashable, Sendable {
    /// What carries the stream, as ALPN names it. RFC 9113 §3.
    public enum Transport: String, Sendable, CaseIterable {
        /// HTTP/2 in TLS.
        case h2
        /// HTTP/2 in the clear.
        case h2c
    }

    public let transport: Transport
    /// Its number on the connection of HTTP/2.
    public let number: UInt32

    package init(_ transport: Transport, _ number: UInt32) {
        self.transport = transport
        self.number = number
    }
}
