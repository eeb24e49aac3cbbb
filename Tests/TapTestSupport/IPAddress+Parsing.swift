import Glibc
import TapCore

extension IPAddress {
    /// Reads an address as `inet_pton` does; stops the test where the text is none.
    package init(_ text: String) {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 {
            self.init(ipv4: bytes[..<4].reduce(0) { $0 << 8 | UInt32($1) })
        } else {
            precondition(inet_pton(AF_INET6, text, &bytes) == 1, "“\(text)” is no IP address")
            let words = [bytes[..<8], bytes[8...]].map { $0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
            self.init(ipv6: words[0], words[1])
        }
    }
}

extension Endpoint {
    package init(_ address: String, _ port: UInt16) { self.init(address: IPAddress(address), port: port) }
}
