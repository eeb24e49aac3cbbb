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
