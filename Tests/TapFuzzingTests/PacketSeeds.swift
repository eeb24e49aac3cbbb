import TapFuzzing
import TapTestSupport

/// A packet in each framing and each tunnel, packets in fragments, and what tshark exports of IPsec.
enum PacketSeeds {
    static let all = framings + tunnels + fragments + [exported]

    private static let tcp = TCPBytes(Array("twelve bytes".utf8)).bytes

    private static let framings = LinkFraming.allCases.map { framing in
        let packets = [CapturedPacket(IPv4Bytes(tcp), framing), CapturedPacket(IPv6Bytes(tcp), framing, padding: 3)]
        return ("framing-\(framing)", script(packets))
    }

    private static let tunnels = Tunneling.allCases.map { tunneling in
        let (number, payload) = tunneling.wrap(IPv4Bytes(tcp).bytes, isIPv6: false)
        var outer = IPv4Bytes(payload)
        outer.protocolNumber = number
        return ("tunnel-\(tunneling)", script([CapturedPacket(outer, .raw)]))
    }

    private static let fragments = [false, true].flatMap { isIPv6 in
        let whole = FragmentBytes(tcp, isIPv6: isIPv6)
        let name = isIPv6 ? "ipv6" : "ipv4"
        return [
            ("fragments-\(name)", script(whole.parts(of: 1))),
            ("fragments-backwards-\(name)", script(whole.parts(of: 2).reversed())),
            ("fragments-twice-\(name)", script(whole.parts(of: 3) + whole.parts(of: 2))),
            ("fragments-overlapping-\(name)", script([whole.part(0..<3), whole.part(1..<4), whole.part(3..<4)])),
        ]
    }

    /// Tags of the dissector and of addresses; then a segment.
    private static let exported: (String, [UInt8]) = {
        let tags: [[UInt8]] = [
            [0, 12, 0, 4] + Array("tcp\0".utf8), [0, 20, 0, 4, 192, 0, 2, 1], [0, 21, 0, 4, 198, 51, 100, 2],
            [0, 0, 0, 0],
        ]
        return ("exported-tcp", script([CapturedPacket(tags.flatMap(\.self) + tcp, .upperPDU)]))
    }()

    /// Each packet whole, and cut after 40 bytes.
    private static func script(_ packets: [CapturedPacket]) -> [UInt8] {
        packets.flatMap { packet in
            let linkType = FuzzTarget.linkTypes.firstIndex(of: packet.header.linkType.rawValue) ?? 0
            let length = bigEndian(UInt16(packet.bytes.count))
            return [UInt8(linkType), 0] + length + packet.bytes + bigEndian(UInt16(40))
        }
    }
}
