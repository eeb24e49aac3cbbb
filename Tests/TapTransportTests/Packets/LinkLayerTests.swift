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

    @Test("an address family of IPsec is read in both byte orders", arguments: [false, true])
    func ipsec(isBigEndian: Bool) {
        let header: [UInt8] = (isBigEndian ? [0, 0, 0, 2] : [2, 0, 0, 0]) + [0, 0, 16, 1, 0, 0, 0, 0]
        let packet = CapturedPacket(header + IPv4Bytes(TCPBytes(Self.payload).bytes).bytes, .enc)
        #expect(packet.segment?.payload == Self.payload)
    }

    @Test("the service that a provider's backbone names is the network")
    func backbone() throws {
        let packet = CapturedPacket(IPv4Bytes(TCPBytes(Self.payload).bytes), .providerBackbone)
        let (segment, _) = try #require(packet.segment)
        #expect(segment.network.elements == [.vlan(10), .virtual(100)])
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
    /// Addresses of a token ring, the second of which says that a route follows.
    static let ring: [UInt8] = [2, 0, 0, 0, 0, 2, 0x82, 0, 0, 0, 0, 1]

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
            Odd("a token", [0x10, 0], .tokenRing, .cutShort),
            Odd("a frame of a ring's own", [0x10, 0] + addresses + [1, 2], .tokenRing, .otherNetwork),
            Odd("a route of no length", [0x10, 0x40] + ring + [0, 0, 0xAA, 0xAA, 3], .tokenRing, .malformed),
            Odd("half a route", [0x10, 0x40] + ring + [0x1E, 0, 0xAA, 0xAA], .tokenRing, .cutShort),
            Odd("station management of FDDI", [0x41] + addresses + [1, 2, 3], .fddi, .otherNetwork),
            Odd("signalling of ATM", [0x86, 0, 0, 5, 9, 3, 0, 0], .sunATM, .otherNetwork),
            Odd("routed ISO of ATM", [0xFE, 0xFE, 3, 0x81, 0, 0], .atmRFC1483, .otherNetwork),
            Odd("a bridge's own in ATM", [0xAA, 0xAA, 3, 0, 0x80, 0xC2, 0, 0x0E, 0, 0], .atmRFC1483, .otherNetwork),
            Odd("half a header of ATM", [0xAA, 0xAA, 3, 0, 0x80], .atmRFC1483, .cutShort),
            Odd("an address of Frame Relay without an end", many([0x18]), .frameRelay, .malformed),
            Odd("half an address of Frame Relay", [0x18], .frameRelay, .cutShort),
            Odd("Q.933 in Frame Relay", [0, 1, 3, 8, 0, 0x75], .frameRelay, .otherNetwork),
            Odd("a keep-alive of Cisco's lines", [0x8F, 0, 0x80, 0x35, 0, 0, 0, 2], .ciscoHDLC, .otherNetwork),
            Odd("a log of no length", [0, 2] + many([0]), .pflog, .malformed),
            Odd("a log of no address family", [61, 0] + many([0]), .pflog, .otherNetwork),
            Odd("a header of Prism of no length", [0x44, 0, 0, 0, 0, 0, 0, 0] + many([0]), .prism, .malformed),
            Odd("a header of Prism of 4 GB", [0x44, 0, 0, 0, 255, 255, 255, 255], .prism, .cutShort),
            Odd("no header of Prism", many([9]), .prism, .malformed),
            Odd("PKTAP of no length", many([0]), .pktap, .malformed),
            Odd("PKTAP of 4 GB", many([255]), .pktap, .malformed),
            Odd("PKTAP without a packet", [108, 0, 0, 0, 0, 0, 0, 0] + many([0, 0]), .pktap, .otherNetwork),
            Odd("PKTAP in PKTAP", [108, 0, 0, 0, 1, 0, 0, 0, 2, 1, 0, 0] + many([0, 0]), .pktap, .otherNetwork),
            Odd("USER0 in PKTAP", [108, 0, 0, 0, 1, 0, 0, 0, 147, 0, 0, 0] + many([0, 0]), .pktap, .otherNetwork),
            Odd("somebody's own link type that looks nothing like PKTAP", many([3]), .user2, .otherLink),
            Odd("PPI of no length", [0, 0, 0, 0, 1, 0, 0, 0], .ppi, .malformed),
            Odd("PPI of version 1", [1, 0, 8, 0, 1, 0, 0, 0], .ppi, .malformed),
            Odd("a hundred PPI headers", many([0, 0, 8, 0, 192, 0, 0, 0]), .ppi, .otherNetwork),
            Odd("headers of ERF without an end", many([0x82]), .erf, .cutShort),
            Odd("ATM in ERF", [0, 0, 0, 0, 0, 0, 0, 0, 3] + many([0]), .erf, .otherNetwork),
            Odd("no magic number of Juniper", many([9]), .juniperEthernet, .malformed),
            Odd("too long fields of Juniper", [0x4D, 0x47, 0x43, 128, 255, 255, 0], .juniperEthernet, .cutShort),
            Odd("CLNP of Juniper", [0x4D, 0x47, 0x43, 2, 10, 0, 0, 0, 0], .juniperEthernet, .otherNetwork),
            Odd("half a tag of a provider", addresses + [0x88, 0xE7, 0, 0, 0, 100, 2, 2], .ethernet, .cutShort),
            Odd("a hundred tags of Cisco", addresses + many([0x89, 0x26, 0, 0, 0, 0]), .ethernet, .malformed),
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
