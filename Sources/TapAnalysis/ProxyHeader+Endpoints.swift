import TapCore
import TapHTTP

extension ProxyHeader {
    /// The client whose connection the proxy passes on; `nil` where that is none of IP.
    public var client: Endpoint? {
        guard case .internet(let source, let port, _, _) = addresses else { return nil }
        return IPAddress(bytes: source).map { Endpoint(address: $0, port: port) }
    }

    /// Where the client connected to.
    public var server: Endpoint? {
        guard case .internet(_, _, let destination, let port) = addresses else { return nil }
        return IPAddress(bytes: destination).map { Endpoint(address: $0, port: port) }
    }
}

extension IPAddress {
    /// Four bytes or sixteen, in network byte order.
    fileprivate init?(bytes: [UInt8]) {
        let word = { (part: ArraySlice<UInt8>) in part.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        switch bytes.count {
        case 4: self.init(ipv4: UInt32(truncatingIfNeeded: word(bytes[...])))
        case 16: self.init(ipv6: word(bytes[..<8]), word(bytes[8...]))
        default: return nil
        }
    }
}
