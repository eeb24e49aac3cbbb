import TapCore
import TapTestSupport
import Testing

@Suite("TCP segments")
struct TCPTests {
    @Test("every field is read")
    func fields() throws {
        var tcp = TCPBytes(Array("payload".utf8))
        tcp.sourcePort = 0xFFFE
        tcp.destinationPort = 1
        tcp.sequenceNumber = 0xFFFF_FFFF
        tcp.acknowledgmentNumber = 0x8000_0001
        tcp.flags = [.syn, .ack, .fin, .psh, .rst]
        let (segment, payload) = try #require(CapturedPacket(IPv4Bytes(tcp.bytes)).segment)
        #expect(segment.source.port == 0xFFFE)
        #expect(segment.destination.port == 1)
        #expect(segment.sequenceNumber == SequenceNumber(0xFFFF_FFFF))
        #expect(segment.acknowledgmentNumber == SequenceNumber(0x8000_0001))
        #expect(segment.flags == [.syn, .ack, .fin, .psh, .rst])
        #expect(segment.payload == 54..<61)
        #expect(segment.payloadLength == 7)
        #expect(payload == Array("payload".utf8))
        #expect(segment.payloadStart == SequenceNumber(0))
    }

    @Test("options are stepped over", arguments: [0, 3, 12, 40])
    func options(count: Int) {
        var tcp = TCPBytes(Array("payload".utf8))
        tcp.options = [UInt8](repeating: 1, count: count)
        #expect(CapturedPacket(IPv4Bytes(tcp.bytes)).segment?.payload == Array("payload".utf8))
    }

    @Test("a data offset that is too small or lies outside the packet is malformed", arguments: [0, 4, 7, 15])
    func dataOffset(words: Int) {
        var tcp = TCPBytes(Array("payload".utf8))
        tcp.statedHeaderWords = words
        #expect(CapturedPacket(IPv4Bytes(tcp.bytes)).content == .other(.malformed))
    }

    @Test(
        "sequence numbers go round",
        arguments: [
            (0, 1, 1), (1, 0, -1), (0xFFFF_FFFF, 0, 1), (0, 0xFFFF_FFFF, -1), (0xFFFF_FFF0, 0x10, 0x20),
            (0, 0x7FFF_FFFF, 0x7FFF_FFFF), (0, 0x8000_0000, -0x8000_0000), (5, 5, 0),
        ] as [(UInt32, UInt32, Int)])
    func distance(from: UInt32, to: UInt32, distance: Int) {
        #expect(SequenceNumber(from).distance(to: SequenceNumber(to)) == distance)
        #expect(SequenceNumber(from).advanced(by: distance) == SequenceNumber(to))
    }

    @Test("a sequence number moves by any count, also by more than the circle", arguments: [-1, 1 << 32, 1 << 33 + 5])
    func advance(count: Int) {
        let expected = UInt32(truncatingIfNeeded: 7 &+ count)
        #expect(SequenceNumber(7).advanced(by: count) == SequenceNumber(expected))
    }
}
