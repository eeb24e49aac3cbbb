/// What a proxy says of a connection before its first byte: between whom it really is. HAProxy's PROXY protocol.
public struct ProxyHeader: Equatable, Sendable {
    public enum Addresses: Equatable, Sendable {
        /// The proxy does not know them, or speaks for itself.
        case none
        /// Addresses in network byte order, four bytes or sixteen each.
        case internet(source: [UInt8], sourcePort: UInt16, destination: [UInt8], destinationPort: UInt16)
        /// Paths of sockets, without the zeros behind them.
        case unix(source: [UInt8], destination: [UInt8])
    }

    /// 1 is a line of text, 2 is binary.
    public let version: Int
    public let addresses: Addresses

    package init(version: Int, addresses: Addresses) {
        self.version = version
        self.addresses = addresses
    }
}
