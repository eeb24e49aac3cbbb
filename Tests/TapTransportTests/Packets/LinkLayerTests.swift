import TapCore
import TapTestSupport
import TapTransport
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

    @Test("IPv4 may follow LLC without SNAP")
    func withoutSNAP() {
        let header = Self.addresses + [0, 50, 0x06, 0x06, 0x03]
        let packet = CapturedPacket(header + IPv4Bytes(TCPBytes(Self.payload).bytes).bytes, .ethernet)
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

    private static func many(_ bytes: [UInt8]) -> [UInt8] { (0..<100).flatMap { _ in bytes } }

    @Test(
        "what is no IP packet is named",
        arguments: [
            Odd("ARP", addresses + [8, 6] + [UInt8](repeating: 0, count: 28), .ethernet, .arp),
            Odd("ARP in a VLAN", addresses + [0x81, 0, 0, 5, 8, 6, 0], .ethernet, .arp),
            Odd("LLDP", addresses + [0x88, 0xCC, 2, 7], .ethernet, .otherNetwork),
            Odd("802.3 with a length", addresses + [0, 38, 0x42, 0x42, 3], .ethernet, .otherNetwork),
            Odd("802.3 of Novell, without LLC", addresses + [0, 38, 0xFF, 0xFF, 0, 34], .ethernet, .otherNetwork),
            Odd("half an LLC header", addresses + [0, 38, 0xAA, 0xAA], .ethernet, .cutShort),
            Odd("half a SNAP header", addresses + [0, 38, 0xAA, 0xAA, 3, 0, 0, 0, 8], .ethernet, .cutShort),
            Odd("SNAP of Cisco", addresses + [0, 38, 0xAA, 0xAA, 3, 0, 0, 12, 8, 0, 0x45], .ethernet, .otherNetwork),
            Odd("a hundred SNAP headers", addresses + many([0, 9, 0xAA, 0xAA, 3, 0, 0, 0]), .ethernet, .malformed),
            Odd("half a PPPoE header", addresses + [0x88, 0x64, 0x11, 0], .ethernet, .cutShort),
            Odd("PPPoE discovery", addresses + [0x88, 0x63, 0x11, 9, 0, 0, 0, 0], .ethernet, .otherNetwork),
            Odd("PPPoE version 2", addresses + [0x88, 0x64, 0x21, 0, 0, 0, 0, 9, 0, 33], .ethernet, .otherNetwork),
            Odd("LCP in PPPoE", addresses + [0x88, 0x64, 0x11, 0, 0, 7, 0, 9, 0xC0, 33], .ethernet, .otherNetwork),
            Odd("LCP in PPP", [0xFF, 0x03, 0xC0, 0x21, 1], .ppp, .otherNetwork),
            Odd("nothing at all, as PPP", [], .ppp, .cutShort),
            Odd("keep-alive of Cisco", [0x8F, 0, 0x80, 0x35, 0, 0, 0, 2], .pppHDLC, .otherNetwork),
            Odd("a pseudowire", addresses + [0x88, 0x47, 0, 1, 1, 64, 0, 0, 0, 0], .ethernet, .otherNetwork),
            Odd("half a label", addresses + [0x88, 0x47, 0, 1], .ethernet, .cutShort),
            Odd("a hundred labels", addresses + [0x88, 0x47] + many([0, 1, 0, 64]), .ethernet, .malformed),
            Odd("ARP in 802.11", WirelessBytes.header() + [0xAA, 0xAA, 3, 0, 0, 0, 8, 6], .ieee80211, .arp),
            Odd("a beacon", WirelessBytes.header(kind: 0x80), .ieee80211, .otherNetwork),
            Odd("a null frame", WirelessBytes.header(kind: 0x48), .ieee80211, .otherNetwork),
            Odd("a protected frame", WirelessBytes.header(flags: 0x41), .ieee80211, .otherNetwork),
            Odd("the first of several frames", WirelessBytes.header(flags: 0x05), .ieee80211, .otherNetwork),
            Odd("a later one", WirelessBytes.header(sequenceControl: [0x31, 0]), .ieee80211, .otherNetwork),
            Odd("an A-MSDU", WirelessBytes.header(kind: 0x88, after: [0x80, 0]), .ieee80211, .otherNetwork),
            Odd("half a frame", [8, 1, 0, 0], .ieee80211, .cutShort),
            Odd("a radiotap header of no length", [0, 0, 0, 0, 0, 0, 0, 0], .radiotap, .malformed),
            Odd("a radiotap header longer than the packet", [0, 0, 9, 0, 0, 0, 0, 0], .radiotap, .cutShort),
            Odd("a field of no length in NFLOG", [2, 0, 0, 0, 0, 0, 1, 0, 0, 0], .nflog, .malformed),
            Odd("a field of no type in NFLOG", [2, 0, 0, 0, 8, 0, 0, 0, 0, 0], .nflog, .malformed),
            Odd("NFLOG without a packet", [2, 0, 0, 0, 8, 0, 1, 0, 0, 0, 0, 0], .nflog, .cutShort),
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
