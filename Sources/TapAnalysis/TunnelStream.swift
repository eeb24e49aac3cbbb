/// The stream of HTTP/2 or HTTP/3 that a connection is, where it is no connection of TCP. RFC 8441, RFC 9220.
public struct TunnelStream: Hashable, Sendable, Codable {
    /// What carries the stream, as ALPN names it. RFC 9113 §3, RFC 9114 §3.1.
    public enum Transport: String, Sendable, CaseIterable, Codable {
        /// HTTP/2 in TLS.
        case h2
        /// HTTP/2 in the clear.
        case h2c
        /// HTTP/3 in QUIC.
        case h3

        /// Whether it is carried by datagrams of UDP.
        public var isOverUDP: Bool { self == .h3 }

        /// `HTTP/2` or `HTTP/3`.
        public var protocolName: String {
            switch self {
            case .h2, .h2c: "HTTP/2"
            case .h3: "HTTP/3"
            }
        }
    }

    public let transport: Transport
    /// Its number on the connection of HTTP/2, or of QUIC.
    public let number: UInt32

    package init(_ transport: Transport, _ number: UInt32) {
        self.transport = transport
        self.number = number
    }
}
