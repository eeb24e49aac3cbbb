import Glibc
import TapCore

/// The addresses that begin with the same bits, as `10.0.0.0/8`; a single address has all of its bits. RFC 4632, RFC 4291 §2.3.
public struct NetworkPrefix: Hashable, Sendable {
    public let address: IPAddress
    /// Bits that count: up to 32 or 128.
    public let length: Int

    /// Reads an address, or an address, a slash and a number of bits.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = NetworkPrefix.address(String(first)) else { return nil }
        let most = address.bytes.count * 8
        var length = most
        if parts.count == 2 {
            guard let given = Int(parts[1]), (0...most).contains(given), parts[1].utf8.allSatisfy({ $0 != 0x2B }) else {
                return nil
            }
            length = given
        }
        self.address = address
        self.length = length
    }

    public func contains(_ other: IPAddress) -> Bool {
        guard other.isIPv6 == address.isIPv6 else { return false }
        if length == address.bytes.count * 8 { return other == address }
        let (bytes, others) = (address.bytes, other.bytes)
        let whole = length / 8
        guard bytes[..<whole] == others[..<whole] else { return false }
        guard length % 8 > 0 else { return true }
        return (bytes[whole] ^ others[whole]) >> UInt8(8 - length % 8) == 0
    }

    private static func address(_ text: String) -> IPAddress? {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 {
            return IPAddress(ipv4: bytes[..<4].reduce(0) { $0 << 8 | UInt32($1) })
        }
        guard inet_pton(AF_INET6, text, &bytes) == 1 else { return nil }
        let words = [bytes[..<8], bytes[8...]].map { $0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        return IPAddress(ipv6: words[0], words[1])
    }
}

extension NetworkPrefix: CustomStringConvertible {
    public var description: String {
        length == address.bytes.count * 8 ? address.description : "\(address)/\(length)"
    }
}
