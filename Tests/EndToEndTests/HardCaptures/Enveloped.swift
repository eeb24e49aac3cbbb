import TapCore
import TapTestSupport

/// The segments of a conversation in envelopes of the test's own, as packets a millisecond apart.
extension [ScriptedSegment] {
    /// - Parameter envelope: the packets on the link that a segment becomes, and of which link type they are.
    func enveloped(
        _ linkType: LinkType = .ethernet, _ envelope: (Int, ScriptedSegment) -> [[UInt8]]
    ) -> [CapturedPacket] {
        let packets = enumerated().flatMap { index, segment in envelope(index, segment) }
        return packets.enumerated().map { index, bytes in
            CapturedPacket(
                bytes, linkType, number: UInt64(index + 1),
                nanoseconds: 1_700_000_000_000_000_000 + Int64(index) * 1_000_000)
        }
    }
}

/// Headers around an IP packet.
enum Envelope {
    private static let addresses: [UInt8] = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1]

    /// Ethernet with VLAN tags, the outermost first; its EtherType is that of the packet.
    static func ethernet(_ ip: [UInt8], vlans: [UInt16] = []) -> [UInt8] {
        let tags = vlans.enumerated().flatMap { index, vlan in
            bigEndian(UInt16(index < vlans.count - 1 ? 0x88A8 : 0x8100)) + bigEndian(vlan)
        }
        return addresses + tags + (isIPv6(ip) ? [0x86, 0xDD] : [0x08, 0x00]) + ip
    }

    /// An outer IPv4 packet between two endpoints of tunnels.
    static func ipv4(_ protocolNumber: UInt8, _ payload: [UInt8], isReply: Bool = false) -> [UInt8] {
        var ip = IPv4Bytes(payload)
        (ip.source, ip.destination) = (IPAddress("10.9.9.9"), IPAddress("10.9.9.8"))
        if isReply { swap(&ip.source, &ip.destination) }
        ip.protocolNumber = protocolNumber
        return ip.bytes
    }

    /// The same over IPv6.
    static func ipv6(_ protocolNumber: UInt8, _ payload: [UInt8], isReply: Bool = false) -> [UInt8] {
        var ip = IPv6Bytes(payload)
        (ip.source, ip.destination) = (IPAddress("fd00::9"), IPAddress("fd00::8"))
        if isReply { swap(&ip.source, &ip.destination) }
        ip.protocolNumber = protocolNumber
        return ip.bytes
    }

    static func tunnel(_ tunneling: Tunneling, _ ip: [UInt8], isReply: Bool) -> [UInt8] {
        let (number, payload) = tunneling.wrap(ip, isIPv6: isIPv6(ip))
        return ipv4(number, payload, isReply: isReply)
    }

    static func vxlan(_ network: UInt32, _ ethernet: [UInt8], isReply: Bool = false) -> [UInt8] {
        ipv4(17, UDPBytes(to: 4789, [0x08, 0, 0, 0] + bigEndian(network << 8) + ethernet).bytes, isReply: isReply)
    }

    static func geneve(_ network: UInt32, _ ethernet: [UInt8], isReply: Bool = false) -> [UInt8] {
        ipv4(17, UDPBytes(to: 6081, [0, 0, 0x65, 0x58] + bigEndian(network << 8) + ethernet).bytes, isReply: isReply)
    }

    /// RFC 4302 §2: next header, length in words of four bytes less two, and 12 bytes of integrity check value.
    static func authenticated(_ protocolNumber: UInt8, _ payload: [UInt8]) -> [UInt8] {
        [protocolNumber, 4, 0, 0] + [0, 0, 1, 0, 0, 0, 0, 7] + [UInt8](repeating: 0xA5, count: 12) + payload
    }

    private static func isIPv6(_ ip: [UInt8]) -> Bool { ip.first.map { $0 >> 4 == 6 } ?? false }
}
