import TapCore

/// Writes IP packets that hold a part of the payload of a larger one.
package struct FragmentBytes: Sendable {
    package var isIPv6: Bool
    package var source: IPAddress
    package var destination: IPAddress
    package var identification: UInt32 = 0x1234
    package var protocolNumber: UInt8 = 6
    /// The payload of the whole packet.
    package var whole: [UInt8]

    package init(_ whole: [UInt8], isIPv6: Bool = false) {
        self.whole = whole
        self.isIPv6 = isIPv6
        source = IPAddress(isIPv6 ? "2001:db8::1" : "192.0.2.1")
        destination = IPAddress(isIPv6 ? "2001:db8::2" : "198.51.100.2")
    }

    /// The fragment with these units of eight bytes.
    package func part(_ units: Range<Int>) -> CapturedPacket {
        let bytes = ip(units)
        return CapturedPacket(bytes, isIPv6 ? .ipv6 : .ipv4)
    }

    package func ip(_ units: Range<Int>) -> [UInt8] {
        let end = min(units.upperBound * 8, whole.count)
        return ip(Array(whole[units.lowerBound * 8..<end]), at: units.lowerBound, more: end < whole.count)
    }

    /// A fragment that may have nothing to do with the packet.
    package func ip(_ payload: [UInt8], at offset: Int, more: Bool) -> [UInt8] {
        let offset = UInt16(truncatingIfNeeded: offset)
        guard isIPv6 else {
            var ip = IPv4Bytes(payload)
            (ip.source, ip.destination, ip.protocolNumber) = (source, destination, protocolNumber)
            ip.identification = UInt16(truncatingIfNeeded: identification)
            ip.fragmentField = offset & 0x1FFF | (more ? 0x2000 : 0)
            return ip.bytes
        }
        var ip = IPv6Bytes(payload)
        (ip.source, ip.destination, ip.protocolNumber) = (source, destination, protocolNumber)
        ip.extensions = [.options(0), .fragment(offset: offset, more: more, identification: identification)]
        return ip.bytes
    }

    /// All fragments, each with `units` units of eight bytes or what is left, in order.
    package func parts(of units: Int) -> [CapturedPacket] {
        stride(from: 0, to: (whole.count + 7) / 8, by: units).map { part($0..<$0 + units) }
    }
}
