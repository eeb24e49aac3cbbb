/// An IPv4 or IPv6 address.
public struct IPAddress: Hashable, Sendable, Codable {
    /// The first eight bytes of an IPv6 address. An IPv4 address is kept as the IPv6 address that stands for it,
    /// ::ffff:a.b.c.d (RFC 4291 §2.5.5.2): two words are compared faster than two and a flag.
    @usableFromInline package let high: UInt64
    /// The last eight bytes.
    @usableFromInline package let low: UInt64

    @inlinable public var isIPv6: Bool { high != 0 || low >> 32 != 0xFFFF }

    @inlinable
    public init(ipv4 address: UInt32) {
        high = 0
        low = 0xFFFF_0000_0000 | UInt64(address)
    }

    @inlinable
    public init(ipv6 high: UInt64, _ low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Four bytes or sixteen, in network byte order.
    package init?(bytes: [UInt8]) {
        let word = { (part: ArraySlice<UInt8>) in part.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        switch bytes.count {
        case 4: self.init(ipv4: UInt32(truncatingIfNeeded: word(bytes[...])))
        case 16: self.init(ipv6: word(bytes[..<8]), word(bytes[8...]))
        default: return nil
        }
    }

    /// The address in network byte order: four bytes or sixteen.
    public var bytes: [UInt8] {
        func bytes(of word: UInt64) -> [UInt8] {
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
        }
        return isIPv6 ? bytes(of: high) + bytes(of: low) : Array(bytes(of: low).suffix(4))
    }
}

extension IPAddress: Comparable {
    /// By value.
    @inlinable
    public static func < (left: IPAddress, right: IPAddress) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }
}

extension IPAddress: CustomStringConvertible {
    /// Dotted decimal for IPv4, the canonical text of RFC 5952 for IPv6.
    public var description: String {
        guard isIPv6 else { return bytes.map { String($0) }.joined(separator: ".") }
        let groups = [high, low].flatMap { word in
            stride(from: 48, through: 0, by: -16).map { UInt16(truncatingIfNeeded: word >> UInt64($0)) }
        }
        let text = { (part: ArraySlice<UInt16>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
        guard let zeros = IPAddress.longestZeroRun(in: groups) else { return text(groups[...]) }
        return text(groups[..<zeros.lowerBound]) + "::" + text(groups[zeros.upperBound...])
    }

    /// RFC 5952 §4.2: the first of the longest runs of at least two zero groups.
    private static func longestZeroRun(in groups: [UInt16]) -> Range<Int>? {
        var longest = 0..<0
        var start = 0
        for (index, group) in groups.enumerated() {
            if group != 0 { start = index + 1 }
            if index + 1 - start > longest.count { longest = start..<index + 1 }
        }
        return longest.count >= 2 ? longest : nil
    }
}
