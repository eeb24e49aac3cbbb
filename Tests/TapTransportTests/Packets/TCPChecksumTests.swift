import TapCore
import TapTestSupport
import TapTransport
import TapWebSocket
import Testing

@Suite("The TCP checksum")
struct TCPChecksumTests {
    private func packet(_ payload: [UInt8], _ checksum: ChecksumBytes, isIPv6: Bool) -> CapturedPacket {
        var conversation = Conversation(
            client: isIPv6 ? Endpoint("2001:db8::ffff:1", 1) : Endpoint("255.254.253.252", 1),
            server: isIPv6 ? Endpoint("2001:db8:ff::2", 80) : Endpoint("10.0.0.1", 80))
        conversation.add(.client, [.ack], payload)
        var segment = conversation.segments[0]
        segment.checksum = checksum
        return segment.packet(number: 1, nanoseconds: 0)
    }

    @Test("right ones are right and others are not, at each length", arguments: [false, true])
    func lengths(isIPv6: Bool) throws {
        var generator = SeededGenerator(seed: 3)
        for length in Array(0...200) + [1_460, 8_171, 8_172, 8_173, 30_000, 65_000] {
            // Set bits all over make the most carries.
            let payload = length % 3 == 0 ? [UInt8](repeating: 0xFF, count: length) : generator.bytes(length)
            for checksum in [ChecksumBytes.right, .wrong, .zero, .pseudoHeader(hasLength: true)] {
                let packet = packet(payload, checksum, isIPv6: isIPv6)
                let (segment, _) = try #require(packet.segment)
                let addresses = TCPChecksum.addressSum(FlowKey(segment.source, segment.destination))
                let bytes = packet.bytes.span.bytes
                let (isCovered, isRight) = (
                    TCPChecksum.isCovered(segment), TCPChecksum.isRight(segment, in: bytes, addresses: addresses)
                )
                let (found, computed) = TCPChecksum.values(segment, in: bytes)
                let isLeftOpen = TCPChecksum.isLeftOpen(segment, in: bytes)
                #expect(isCovered && isRight == (checksum == .right))
                #expect((found == computed) == (checksum == .right))
                if checksum == .zero || checksum == .pseudoHeader(hasLength: true) { #expect(isLeftOpen) }
            }
        }
    }

    @Test("what the capture does not hold whole is not covered")
    func cut() throws {
        let packet = packet([1, 2, 3], .right, isIPv6: false)
        for length in 34 + 20..<34 + 23 {
            let (segment, _) = try #require(packet.cut(to: length).segment)
            #expect(!TCPChecksum.isCovered(segment))
        }
    }

    @Test("a SYN tells its window scale, among any other options")
    func windowScale() throws {
        let rows: [([UInt8], UInt8?)] = [
            ([], nil), ([3, 3, 7], 7), ([1, 3, 3, 7], 7), ([2, 4, 5, 0xB4, 1, 3, 3, 9], 9), ([0, 3, 3, 7], nil),
            ([3, 2, 7], nil), ([3, 3], 0), ([8, 0, 3, 3, 5], 5), ([4, 2, 3, 3, 14, 0], 14),
            ([254, 200, 3, 3, 1], nil),
        ]
        for (options, expected) in rows {
            var tcp = TCPBytes()
            tcp.options = options
            for flags in [TCPFlags.syn, .ack] {
                tcp.flags = flags
                let (segment, _) = try #require(CapturedPacket(IPv4Bytes(tcp.bytes)).segment)
                #expect(segment.windowScale == (flags == .syn ? expected : nil))
                #expect(segment.window == 65_535)
            }
        }
    }

    @Test("urgent data is data, and a data offset that is wrong makes no segment")
    func oddHeaders() throws {
        var tcp = TCPBytes(Array("abc".utf8))
        tcp.flags = [.ack, TCPFlags(rawValue: 0x20)]
        let (_, payload) = try #require(CapturedPacket(IPv4Bytes(tcp.bytes)).segment)
        #expect(payload == Array("abc".utf8))
        for words in [0, 4, 6, 15] {
            tcp.statedHeaderWords = words
            #expect(CapturedPacket(IPv4Bytes(tcp.bytes)).content == .other(.malformed))
        }
    }
}
