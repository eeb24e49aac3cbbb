import TapBytes
import TapPackets
import TapTestSupport
import Testing

@Suite("Link layers")
struct LinkLayerTests {
    static let payload = Array("hello".utf8)

    @Test("each framing leads to the segment in an IPv4 packet", arguments: LinkFraming.allCases)
    func ipv4(framing: LinkFraming) throws {
        let packet = CapturedPacket(IPv4Bytes(TCPBytes(Self.payload).bytes), framing)
        let (segment, payload) = try #require(packet.segment)
        #expect(payload == Self.payload)
        #expect(segment.source == Endpoint("192.0.2.1", 49_152))
        #expect(segment.destination == Endpoint("198.51.100.2", 80))
    }

    @Test("each framing leads to the segment in an IPv6 packet", arguments: LinkFraming.allCases)
    func ipv6(framing: LinkFraming) throws {
        let packet = CapturedPacket(IPv6Bytes(TCPBytes(Self.payload).bytes), framing)
        let (segment, payload) = try #require(packet.segment)
        #expect(payload == Self.payload)
        #expect(segment.source == Endpoint("2001:db8::1", 49_152))
        #expect(segment.destination == Endpoint("2001:db8::2", 80))
    }

    @Test(
        "every system's number for IPv6 is read, in both byte orders", arguments: [10, 24, 28, 30] as [UInt8],
        [false, true])
    func addressFamily(family: UInt8, isBigEndian: Bool) {
        let header: [UInt8] = isBigEndian ? [0, 0, 0, family] : [family, 0, 0, 0]
        let packet = CapturedPacket(header + IPv6Bytes(TCPBytes(Self.payload).bytes).bytes, .null)
        #expect(packet.segment?.payload == Self.payload)
    }

    struct Odd: Sendable, CustomTestStringConvertible {
        let name: String
        let packet: CapturedPacket
        let kind: OtherPacket
        var testDescription: String { name }

        init(_ name: String, _ bytes: [UInt8], _ link: LinkType, _ kind: OtherPacket) {
            self.name = name
            packet = CapturedPacket(bytes, link)
            self.kind = kind
        }
    }

    static let addresses = [UInt8](repeating: 2, count: 12)

    @Test(
        "what is no IP packet is named",
        arguments: [
            Odd("ARP", addresses + [8, 6] + [UInt8](repeating: 0, count: 28), .ethernet, .arp),
            Odd("ARP in a VLAN", addresses + [0x81, 0, 0, 5, 8, 6, 0], .ethernet, .arp),
            Odd("LLDP", addresses + [0x88, 0xCC, 2, 7], .ethernet, .otherNetwork),
            Odd("802.3 with a length", addresses + [0, 38, 0x42, 0x42, 3], .ethernet, .otherNetwork),
            Odd("PPPoE", addresses + [0x88, 0x64, 0x11, 0], .ethernet, .otherNetwork),
            Odd(
                "a hundred VLAN tags", addresses + (0..<100).flatMap { _ in [0x81, 0, 0, 5] as [UInt8] }, .ethernet,
                .malformed),
            Odd("an unknown address family", [9, 0, 0, 0, 0x45], .null, .otherNetwork),
            Odd("IP version 5", [0x55, 0, 0, 0], .raw, .malformed),
            Odd("IPv6 where IPv4 was promised", IPv6Bytes(TCPBytes().bytes).bytes, .ipv4, .malformed),
            Odd("IPv4 where IPv6 was promised", IPv4Bytes(TCPBytes(payload).bytes).bytes, .ipv6, .malformed),
            Odd("a link type that is not read", [1, 2, 3], LinkType(rawValue: 147), .otherLink),
            Odd("nothing at all, as Ethernet", [], .ethernet, .cutShort),
            Odd("nothing at all, as raw IP", [], .raw, .cutShort),
            Odd("nothing at all, as loopback", [], .loop, .cutShort),
            Odd("half a VLAN tag", addresses + [0x81, 0, 0], .ethernet, .cutShort),
            Odd("half a cooked header", [0, 0, 0, 1, 0, 6], .linuxCooked, .cutShort),
            Odd("half a cooked header of version 2", [8, 0, 0, 1, 0, 6], .linuxCooked2, .cutShort),
        ])
    func named(odd: Odd) {
        #expect(odd.packet.content == .other(odd.kind))
    }
}
