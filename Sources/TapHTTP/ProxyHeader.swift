/// What is said of a connection before its first byte: by a proxy, between whom it really is (HAProxy's PROXY protocol), or to
/// one, where it is to lead (SOCKS).
public struct ProxyHeader: Equatable, Sendable {
    public enum Addresses: Equatable, Sendable {
        /// The proxy does not know them, or speaks for itself.
        case none
        /// Addresses in network byte order, four bytes or sixteen each.
        case internet(source: [UInt8], sourcePort: UInt16, destination: [UInt8], destinationPort: UInt16)
        /// Paths of sockets, without the zeros behind them.
        case unix(source: [UInt8], destination: [UInt8])
        /// Where a client of SOCKS asks to be connected to: a name or an address.
        case requested(String, port: UInt16)
    }

    /// Of the PROXY protocol 1, a line of text, or 2, which is binary; of SOCKS 4 or 5.
    public let version: Int
    public let addresses: Addresses

    package init(version: Int, addresses: Addresses) {
        self.version = version
        self.addresses = addresses
    }
}
