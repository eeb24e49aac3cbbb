import TapCore
import TapTestSupport
import TapTransport
import Testing

@Suite("Packets cut or broken anywhere")
struct HostilePacketTests {
    static let linkTypes: [LinkType] = [
        .null, .ethernet, .raw, .loop, .linuxCooked, .ipv4, .ipv6, .linuxCooked2, .ppp, .pppHDLC, .pppoe, .rawDLT,
        .rawOpenBSD, .ieee80211, .radiotap, .nflog, LinkType(rawValue: 9_999),
        .tokenRing, .slip, .fddi, .atmRFC1483, .ciscoHDLC, .frameRelay, .enc, .pflog, .prism, .ipOverFibreChannel,
        .sunATM, .ieee1394, .user2, .avs, .pppPPPD, .juniperEthernet, .juniperCiscoHDLC, .juniperPPP, .ppi, .erf,
        .pppWithDirection, .ciscoHDLCWithDirection, .frameRelayWithDirection, .ipOverInfiniBand, .pktap, .upperPDU,
    ]

    private func samples(_ framing: LinkFraming) -> [CapturedPacket] {
        var tcp = TCPBytes(Array("twelve bytes".utf8))
        tcp.options = [2, 4, 5, 0xB4, 1, 1, 8, 10]
        var (ipv4, ipv6) = (IPv4Bytes(tcp.bytes), IPv6Bytes(tcp.bytes))
        let plain = CapturedPacket(ipv4, framing, padding: 3)
        ipv4.options = [1, 1, 1, 1]
        ipv6.extensions = [.options(0), .authentication(words: 3)]
        return [plain, CapturedPacket(ipv4, framing, padding: 3), CapturedPacket(ipv6, framing, padding: 3)]
    }

    @Test("a packet cut at any byte is either cut short or agrees in its header", arguments: LinkFraming.allCases)
    func cut(framing: LinkFraming) throws {
        for packet in samples(framing) {
            let (whole, payload) = try #require(packet.segment)
            for count in 0..<packet.bytes.count {
                let cut = packet.cut(to: count)
                guard let (segment, captured) = cut.segment else {
                    #expect(cut.content == .other(.cutShort), "cut to \(count)")
                    continue
                }
                #expect(segment.source == whole.source && segment.destination == whole.destination)
                #expect(segment.sequenceNumber == whole.sequenceNumber && segment.flags == whole.flags)
                #expect(segment.payloadLength == payload.count)
                #expect(captured == Array(payload.prefix(max(0, count - whole.payload.lowerBound))))
            }
        }
    }

    /// Datagrams of each kind that the fast path has to tell apart.
    private func datagrams(_ framing: LinkFraming) -> [CapturedPacket] {
        let payloads: [[UInt8]] = [
            Array("twelve bytes and more".utf8), [0xC3, 0, 0, 0, 1, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0x44, 0x9E],
            [0xFF],
        ]
        let ports: [UInt16] = [53, 443] + UDPTunnel.allCases.map(\.rawValue)
        return ports.flatMap { port in
            payloads.map { payload in
                var ip = IPv4Bytes(UDPBytes(to: port, payload).bytes)
                ip.protocolNumber = 17
                return CapturedPacket(ip, framing, padding: 20)
            }
        }
    }

    @Test("the fast path past a datagram says what the slow one says", arguments: LinkFraming.allCases)
    func datagram(framing: LinkFraming) {
        var generator = SeededGenerator(seed: 11)
        var plain = 0
        for packet in datagrams(framing) {
            for round in 0..<60 {
                var changed = packet
                for _ in 0..<(round == 0 ? 0 : Int.random(in: 1...3, using: &generator)) {
                    let place = Int.random(in: 0..<min(60, packet.bytes.count), using: &generator)
                    changed.bytes[place] = generator.bytes(1)[0]
                }
                let bytes = changed.bytes.span.bytes
                guard PacketDecoder.isPlainDatagram(bytes, changed.header) else { continue }
                plain += 1
                #expect(PacketDecoder.decodeAny(bytes, changed.header) == .other(.udp))
            }
        }
        #expect(framing == .ethernet ? plain > 100 : plain >= 0)
    }

    @Test(
        "whoever divides packets knows the part of each, what is no segment is of the first, and datagrams are for all where QUIC may be read"
    )
    func part() throws {
        var generator = SeededGenerator(seed: 3)
        for packet in LinkFraming.allCases.flatMap(samples) + datagrams(.ethernet) {
            for _ in 0..<400 {
                var changed = packet
                for _ in 0...Int.random(in: 0...3, using: &generator) {
                    changed.bytes[Int.random(in: packet.bytes.indices, using: &generator)] = generator.bytes(1)[0]
                }
                let part = PacketDecoder.part(of: changed.bytes.span.bytes, changed.header, mayReadQUIC: false)
                let reading = PacketDecoder.part(of: changed.bytes.span.bytes, changed.header, mayReadQUIC: true)
                switch changed.content {
                case .tcp(let segment): #expect(part == segment.key.part && reading == part)
                case .fragment: #expect(part == nil && reading == nil)
                case .quic(let key): #expect(part == key.part && reading == nil)
                case .other(.udp): #expect(part == 0 && reading == nil)
                case .other: #expect(part == 0 && reading == 0)
                }
            }
        }
    }

    @Test("random bytes are read without a trap, and payload lies inside the packet", arguments: linkTypes)
    func random(linkType: LinkType) {
        var generator = SeededGenerator(seed: linkType.rawValue)
        for _ in 0..<20_000 {
            var bytes = generator.bytes(generator.length(upTo: 120))
            // Half of them get past the link layer.
            if generator.oneIn(2), let header = header(of: linkType, &generator) {
                bytes.replaceSubrange(0..<min(header.count, bytes.count), with: header)
            }
            check(bytes, linkType, &generator)
        }
    }

    @Test(
        "packets with a few bytes changed are read without a trap, and alike on the fast path and the slow one",
        arguments: LinkFraming.allCases)
    func changed(framing: LinkFraming) {
        var generator = SeededGenerator(seed: LinkFraming.allCases.firstIndex(of: framing) ?? 0)
        for packet in samples(framing) {
            for _ in 0..<5_000 {
                var bytes = packet.bytes
                for _ in 0...Int.random(in: 0...3, using: &generator) {
                    bytes[Int.random(in: bytes.indices, using: &generator)] = generator.bytes(1)[0]
                }
                bytes.removeLast(generator.length(upTo: bytes.count))
                check(bytes, packet.header.linkType, &generator)
            }
        }
    }

    @Test("a packet that claims to have been gigabytes long is malformed, not a segment of gigabytes")
    func falseLength() {
        var (ipv4, ipv6) = (IPv4Bytes(TCPBytes([1]).bytes), IPv6Bytes(TCPBytes([1]).bytes))
        (ipv4.statedLength, ipv6.statedLength) = (0, 0)
        for var packet in [CapturedPacket(ipv4), CapturedPacket(ipv6)] {
            packet.header.originalLength = Int(UInt32.max)
            #expect(packet.content == .other(.malformed))
        }
    }

    private func check(_ bytes: [UInt8], _ linkType: LinkType, _ generator: inout SeededGenerator) {
        let lengths = [bytes.count, 0, Int(UInt32.max), Int.random(in: 0...200, using: &generator)]
        for length in lengths {
            let packet = CapturedPacket(bytes, linkType, originalLength: length)
            let inTheLongWay = PacketDecoder.decodeAny(bytes.span.bytes, packet.header)
            #expect(packet.content == inTheLongWay)
            guard case .tcp(let segment) = packet.content else { continue }
            #expect(segment.payload.lowerBound >= 0 && segment.payload.upperBound <= bytes.count)
            #expect(segment.payloadLength >= segment.payload.count)
        }
    }

    private func header(of linkType: LinkType, _ generator: inout SeededGenerator) -> [UInt8]? {
        let framings = LinkFraming.allCases.filter {
            $0.linkType(isIPv6: false) == linkType || $0.linkType(isIPv6: true) == linkType
        }
        guard let framing = framings.randomElement(using: &generator) else { return nil }
        let isIPv6 = framing.linkType(isIPv6: true) == linkType && generator.oneIn(2)
        let samples = isIPv6 ? IPv6Bytes([]).bytes.prefix(8) : IPv4Bytes([]).bytes.prefix(10)
        return framing.header(isIPv6: isIPv6, length: samples.count) + samples
    }
}
