import TapCore
import TapTestSupport
import TapTransport
import Testing

@Suite("Tunnels")
struct TunnelTests {
    static let payload = Array("hello".utf8)

    private static func inner(isIPv6: Bool) -> [UInt8] {
        guard !isIPv6 else { return IPv6Bytes(TCPBytes(payload).bytes).bytes }
        return IPv4Bytes(TCPBytes(payload).bytes).bytes
    }

    /// The packet in an IPv4 packet, and in an IPv6 packet.
    private static func outer(_ protocolNumber: UInt8, _ payload: [UInt8], padding: Int = 0) -> [CapturedPacket] {
        var (ipv4, ipv6) = (IPv4Bytes(payload), IPv6Bytes(payload))
        (ipv4.source, ipv4.destination) = (IPAddress("10.9.9.9"), IPAddress("10.9.9.8"))
        (ipv4.protocolNumber, ipv6.protocolNumber) = (protocolNumber, protocolNumber)
        ipv6.extensions = [.options(60)]
        return [CapturedPacket(ipv4, padding: padding), CapturedPacket(ipv6, .linuxCooked, padding: padding)]
    }

    private static func samples(_ tunneling: Tunneling) -> [CapturedPacket] {
        [false, true].flatMap { isIPv6 in
            let (number, payload) = tunneling.wrap(inner(isIPv6: isIPv6), isIPv6: isIPv6)
            return outer(number, payload, padding: 3)
        }
    }

    @Test("the segment inside is what counts", arguments: Tunneling.allCases, [false, true])
    func inside(tunneling: Tunneling, isIPv6: Bool) throws {
        let (number, payload) = tunneling.wrap(Self.inner(isIPv6: isIPv6), isIPv6: isIPv6)
        for packet in Self.outer(number, payload, padding: 7) {
            let (segment, payload) = try #require(packet.segment)
            #expect(payload == Self.payload)
            #expect(segment.payloadLength == 5)
            #expect(segment.source == Endpoint(isIPv6 ? "2001:db8::1" : "192.0.2.1", 49_152))
        }
    }

    @Test("a tunneled packet cut at any byte agrees in its header, or is named", arguments: Tunneling.allCases)
    func cut(tunneling: Tunneling) throws {
        for packet in Self.samples(tunneling) {
            let (whole, payload) = try #require(packet.segment)
            for count in 0..<packet.bytes.count {
                let cut = packet.cut(to: count)
                guard let (segment, captured) = cut.segment else {
                    #expect(cut.content == .other(.cutShort) || tunneling.isUDP && cut.content == .other(.udp))
                    continue
                }
                #expect(segment.source == whole.source && segment.sequenceNumber == whole.sequenceNumber)
                #expect(captured == Array(payload.prefix(max(0, count - whole.payload.lowerBound))))
            }
        }
    }

    @Test("tunneled packets with a few bytes changed are read without a trap", arguments: Tunneling.allCases)
    func changed(tunneling: Tunneling) {
        var generator = SeededGenerator(seed: Tunneling.allCases.firstIndex(of: tunneling) ?? 0)
        for packet in Self.samples(tunneling) {
            for _ in 0..<2_000 {
                var changed = packet
                for _ in 0...Int.random(in: 0...5, using: &generator) {
                    changed.bytes[Int.random(in: packet.bytes.indices, using: &generator)] = generator.bytes(1)[0]
                }
                changed.bytes.removeLast(generator.length(upTo: changed.bytes.count))
                guard case .tcp(let segment) = changed.content else { continue }
                #expect(segment.payload.lowerBound >= 0 && segment.payload.upperBound <= changed.bytes.count)
                #expect(segment.payloadLength >= segment.payload.count)
            }
        }
    }

    @Test(
        "datagrams to the ports of tunnels stay UDP, whatever they hold",
        arguments: [4789, 8472, 4790, 6081, 2152, 4341, 4754, 6635, 1701, 3544, 5247, 37008] as [UInt16])
    func randomDatagrams(port: UInt16) {
        var generator = SeededGenerator(seed: Int(port))
        for _ in 0..<5_000 {
            let datagram = UDPBytes(to: port, generator.bytes(generator.length(upTo: 100)))
            for packet in Self.outer(17, datagram.bytes) { #expect(packet.content == .other(.udp)) }
        }
    }

    @Test(
        "eight IP headers may lie in each other", arguments: [Tunneling.ip, .gre, .greEthernet, .erspan2, .gtp, .vxlan])
    func nesting(tunneling: Tunneling) {
        var bytes = Self.inner(isIPv6: false)
        for depth in 2...12 {
            let (number, payload) = tunneling.wrap(bytes, isIPv6: false)
            var ip = IPv4Bytes(payload)
            ip.protocolNumber = number
            bytes = ip.bytes
            let packet = CapturedPacket(ip)
            guard depth > 8 else {
                #expect(packet.segment?.payload == Self.payload, "\(depth)")
                continue
            }
            #expect(packet.content == .other(tunneling.isUDP ? .udp : .malformed), "\(depth)")
        }
    }

    @Test(
        "reserved bits are ignored on receipt",
        arguments: [
            ("VXLAN, in the flags", 17, 4789, [0x09, 0, 0, 0, 0, 0, 9, 0]),
            ("VXLAN, everywhere", 17, 4789, [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 9, 0xFF]),
            ("VXLAN, behind the network", 17, 8472, [0x08, 0, 0, 0, 0, 0, 9, 1]),
            ("Geneve, behind the network", 17, 6081, [0, 0, 0x65, 0x58, 0, 0, 9, 0x80]),
            ("Geneve, in the flags", 17, 6081, [0, 0x3F, 0x65, 0x58, 0, 0, 9, 0]),
            ("GRE (RFC 2784 §2.3)", 47, 0, [0x03, 0xF8, 0x65, 0x58]),
            ("NVGRE", 47, 0, [0x22, 0x08, 0x65, 0x58, 0, 0, 9, 0]),
        ] as [(String, UInt8, UInt16, [UInt8])])
    func reserved(name: String, number: UInt8, port: UInt16, header: [UInt8]) throws {
        let payload = header + Self.ethernet
        for packet in Self.outer(number, number == 17 ? UDPBytes(to: port, payload).bytes : payload) {
            let (segment, bytes) = try #require(packet.segment)
            #expect(bytes == Self.payload)
            if header.count == 8 { #expect(segment.network.elements == [.virtual(9)]) }
        }
    }

    @Test("a spare bit of GTP is not evaluated (TS 29.281 §5.1)")
    func spareBit() throws {
        let inner = Self.inner(isIPv6: false)
        let payload: [UInt8] = [0x38, 0xFF] + bigEndian(UInt16(inner.count)) + [0, 0, 0, 9] + inner
        for packet in Self.outer(17, UDPBytes(to: 2152, payload).bytes) {
            #expect(packet.segment?.payload == Self.payload)
        }
    }

    @Test("where reserved bits are set and what is inside does not fit, it is UDP")
    func reservedElsewhere() {
        let headers: [[UInt8]] = [[0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 9, 0xFF], [8, 0, 0, 0, 0, 0, 9, 1]]
        for header in headers {
            for inner in [Array(Self.ethernet.dropLast(3)), [UInt8](repeating: 0x45, count: 80)] {
                for packet in Self.outer(17, UDPBytes(to: 4789, header + inner).bytes) {
                    #expect(packet.content == .other(.udp))
                }
            }
        }
    }

    struct Odd: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let packets: [CapturedPacket]
        let kind: OtherPacket

        init(_ name: String, _ number: UInt8, _ payload: [UInt8], _ kind: OtherPacket) {
            testDescription = name
            packets = TunnelTests.outer(number, payload)
            self.kind = kind
        }

        init(_ name: String, to port: UInt16, _ payload: [UInt8], length: Int? = nil) {
            var datagram = UDPBytes(to: port, payload)
            datagram.statedLength = length
            self.init(name, 17, datagram.bytes, .udp)
        }
    }

    private static func many(_ bytes: [UInt8]) -> [UInt8] { (0..<100).flatMap { _ in bytes } }

    private static let ethernet = [UInt8](repeating: 2, count: 12) + [0x08, 0x00] + inner(isIPv6: false)

    @Test(
        "what leads to no segment is named",
        arguments: [
            Odd("an inner packet longer than the outer one", 4, Array(inner(isIPv6: false).dropLast()), .malformed),
            Odd("an inner IPv6 packet that is longer", 41, Array(inner(isIPv6: true).dropLast()), .malformed),
            Odd("IPv6 where IPv4 was promised", 4, inner(isIPv6: true), .malformed),
            Odd("nothing where IPv4 was promised", 4, [], .malformed),
            Odd("ARP in GRE", 47, [0, 0, 0x08, 0x06, 1, 2, 3, 4], .arp),
            Odd("no room for GRE", 47, [0, 0], .malformed),
            Odd("GRE of version 1, as PPTP sends it", 47, [0x20, 1, 0x88, 0x0B, 0, 0, 0, 0], .otherIP),
            Odd("GRE with routing", 47, [0x40, 0, 8, 0] + inner(isIPv6: false), .otherIP),
            Odd("a keep-alive in GRE", 47, [0, 0, 0, 0], .otherIP),
            Odd("PPP in GRE", 47, [0, 0, 0x88, 0x0B, 0, 0x21], .otherIP),
            Odd("ERSPAN of version 3", 47, [0x10, 0, 0x88, 0xBE, 0, 0, 0, 1, 0x30, 0, 0, 0, 0, 0, 0, 0], .otherIP),
            Odd("VXLAN without its flag", to: 4789, [0, 0, 0, 0, 0, 0, 9, 0] + ethernet),
            Odd("VXLAN in a datagram that ends early", to: 4789, [8, 0, 0, 0, 0, 0, 9, 0] + ethernet, length: 60),
            Odd("VXLAN in a datagram that is too long", to: 4789, [8, 0, 0, 0, 0, 0, 9, 0] + ethernet, length: 200),
            Odd("Geneve of version 1", to: 6081, [0x40, 0, 0x65, 0x58, 0, 0, 9, 0] + ethernet),
            Odd("a control message of Geneve", to: 6081, [0, 0x80, 0x65, 0x58, 0, 0, 9, 0] + ethernet),
            Odd("an echo request of GTP", to: 2152, [0x32, 1, 0, 4, 0, 0, 0, 0, 0, 1, 0, 0]),
            Odd("an extension of no length in GTP", to: 2152, [0x34, 255, 0, 9, 0, 0, 0, 9, 0, 0, 0, 1, 0] + ethernet),
            Odd("another port", to: 4791, [8, 0, 0, 0, 0, 0, 9, 0] + ethernet),
            Odd("generic VXLAN of version 1", to: 4790, [0x1C, 0, 0, 3, 0, 0, 9, 0] + ethernet),
            Odd("a control message of generic VXLAN", to: 4790, [0x0D, 0, 0, 3, 0, 0, 9, 0] + ethernet),
            Odd("an unknown protocol in generic VXLAN", to: 4790, [0x0C, 0, 0, 9, 0, 0, 9, 0] + ethernet),
            Odd("service headers in others", to: 4790, [12, 0, 0, 4, 0, 0, 9, 0] + many([15, 194, 2, 4, 0, 0, 7, 1])),
            Odd("a service header of no length", to: 4790, [12, 0, 0, 4, 0, 0, 9, 0, 0, 0, 2, 3, 0, 0, 7] + ethernet),
            Odd("a control message of L2TP", to: 1701, [0xC8, 2, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0]),
            Odd("L2TP of version 3", to: 1701, [0, 3, 0, 0, 0, 0, 0, 9] + ethernet),
            Odd("L2TP longer than its datagram", to: 1701, [0x40, 2, 9, 9, 0, 1, 0, 1, 0, 33] + inner(isIPv6: false)),
            Odd("LCP in L2TP", to: 1701, [0, 2, 0, 1, 0, 1, 0xFF, 3, 0xC0, 33, 1, 1, 0, 4]),
            Odd("a bubble of Teredo", to: 3544, Array(IPv6Bytes([]).bytes)),
            Odd("IPv4 in Teredo", to: 3544, inner(isIPv6: false)),
            Odd("a keep-alive of CAPWAP", to: 5247, [0, 0x10, 2, 8, 0, 0, 0, 0] + ethernet),
            Odd("a part of a packet in CAPWAP", to: 5247, [0, 0x10, 2, 0x80, 0, 0, 0, 0] + ethernet),
            Odd("encrypted CAPWAP", to: 5247, [1, 0, 0, 0] + ethernet),
            Odd("another radio in CAPWAP", to: 5247, [0, 0x10, 5, 0, 0, 0, 0, 0] + ethernet),
            Odd("a CAPWAP header of no length", to: 5247, [0, 0, 2, 0, 0, 0, 0, 0] + ethernet),
            Odd("a keep-alive of TZSP", to: 37008, [1, 4, 0, 0, 1, 0, 0, 0]),
            Odd("TZSP without an end", to: 37008, [1, 0, 0, 1] + many([0]) + many([9, 0])),
            Odd("another protocol in TZSP", to: 37008, [1, 0, 0, 7, 1] + ethernet),
            Odd("EtherIP of version 2", 97, [0x20, 0] + ethernet, .otherIP),
            Odd("no room for EtherIP", 97, [0x30], .malformed),
            Odd("a hundred labels in IP", 137, many([0, 1, 0, 64]), .malformed),
            Odd("a beacon in GRE", 47, [0, 0, 0x82, 0] + WirelessBytes.header(kind: 0x80), .otherIP),
        ])
    func named(odd: Odd) {
        for packet in odd.packets { #expect(packet.content == .other(odd.kind)) }
    }
}

@Suite("Ports of tunnels over UDP")
struct TunnelPortTests {
    @Test("are among those that are looked at", arguments: UDPTunnel.allCases)
    func lowBits(tunnel: UDPTunnel) {
        #expect(UDPTunnel.lowBits >> UInt64(tunnel.rawValue & 63) & 1 == 1)
    }

    @Test("are few of all")
    func few() { #expect(UDPTunnel.lowBits.nonzeroBitCount <= UDPTunnel.allCases.count) }
}
