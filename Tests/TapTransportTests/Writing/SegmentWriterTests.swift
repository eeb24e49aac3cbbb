import TapCore
import TapTestSupport
import TapTransport
import Testing

@Suite("Segments that are written")
struct SegmentWriterTests {
    /// What is written of a payload once a packet was seen from one endpoint to the other.
    private static func written(_ payload: [UInt8], after seen: CapturedPacket) throws -> [CapturedPacket] {
        let (segment, _) = try #require(seen.segment)
        var connection = WrittenConnection(segment.key, isStartKnown: false)
        connection.see(segment, seen.bytes.span.bytes, in: seen.header)
        connection.send(payload.span.bytes, segment.isFromFirst ? .fromFirst : .fromSecond, in: .numbered(9))
        return connection.packets.map { CapturedPacket($0.bytes, $0.header) }
    }

    private static func seen(isIPv6: Bool, _ framing: LinkFraming) -> CapturedPacket {
        var tcp = TCPBytes([1, 2, 3])
        tcp.sequenceNumber = .max - 3
        guard isIPv6 else { return CapturedPacket(IPv4Bytes(tcp.bytes), framing) }
        return CapturedPacket(IPv6Bytes(tcp.bytes), framing)
    }

    private static func sum(_ bytes: [UInt8]) -> UInt32 {
        var sum = bytes.enumerated().reduce(UInt32(0)) { $0 + UInt32($1.element) << ($1.offset % 2 == 0 ? 8 : 0) }
        while sum > 0xFFFF { sum = sum >> 16 + sum & 0xFFFF }
        return sum
    }

    @Test(
        "are read as they were meant, with right checksums, at each length", arguments: [false, true],
        [1, 2, 19, 1_460, 30_001, 65_495])
    func read(isIPv6: Bool, length: Int) throws {
        var generator = SeededGenerator(seed: UInt64(length))
        let payload = generator.bytes(length)
        let seen = Self.seen(isIPv6: isIPv6, .raw)
        let packets = try Self.written(payload, after: seen)
        let packet = try #require(packets.first)
        #expect(packets.count == 1 && packet.bytes.count == (isIPv6 ? 60 : 40) + length)
        let (segment, found) = try #require(packet.segment)
        #expect(found == payload && segment.payloadLength == length)
        let (before, _) = try #require(seen.segment)
        #expect(segment.source == before.source && segment.destination == before.destination)
        #expect(segment.sequenceNumber == before.sequenceNumber)
        #expect(segment.acknowledged == before.acknowledged && segment.flags == [.psh, .ack])
        let (checksum, computed) = TCPChecksum.values(segment, in: packet.bytes.span.bytes)
        #expect(checksum == computed)
        if !isIPv6 { #expect(Self.sum(Array(packet.bytes.prefix(20))) == 0xFFFF) }
    }

    @Test("a payload that fits no packet is cut into several", arguments: [65_496, 131_000])
    func tooLong(length: Int) throws {
        let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
        let packets = try Self.written(payload, after: Self.seen(isIPv6: false, .ethernet))
        #expect(packets.flatMap { $0.segment?.payload ?? [] } == payload)
        #expect(packets.allSatisfy { $0.bytes.count <= 14 + 65_535 })
    }

    /// Those whose headers may stand before another packet as they are.
    private static let kept: Set<LinkFraming> = [
        .ethernet, .vlan, .qinq, .oldQinQ, .olderQinQ, .linuxCooked, .linuxCooked2, .cookedVLAN, .nullLittleEndian,
        .nullBigEndian, .loop, .raw, .ip,
    ]

    @Test("stand behind the captured link header where that may be, else alone", arguments: LinkFraming.allCases)
    func link(framing: LinkFraming) throws {
        for isIPv6 in [false, true] {
            let seen = Self.seen(isIPv6: isIPv6, framing)
            let (before, _) = try #require(seen.segment)
            let packet = try #require(try Self.written([7], after: seen).first)
            let (segment, payload) = try #require(packet.segment)
            #expect(segment.key == before.key && payload == [7])
            guard Self.kept.contains(framing) else {
                #expect(packet.header.linkType == .raw)
                continue
            }
            #expect(segment.network == before.network && packet.header.linkType == seen.header.linkType)
            #expect(packet.bytes.count == seen.bytes.count - 2)
        }
    }

    @Test("a header that was cut is none", arguments: 0..<54)
    func cut(length: Int) throws {
        let packet = CapturedPacket(IPv4Bytes(TCPBytes([1]).bytes), .vlan)
        let (segment, _) = try #require(packet.segment)
        let link = LinkHeader(of: packet.bytes.span.bytes.upTo(length), packet.header, before: segment)
        #expect((link == nil) == (length < 38))
    }
}
