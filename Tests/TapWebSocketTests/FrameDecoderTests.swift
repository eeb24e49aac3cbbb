import TapTestSupport
import TapWebSocket
import Testing

@Suite("Frames")
struct FrameDecoderTests {
    /// RFC 6455 §5.7.
    @Test(
        "the examples of RFC 6455 are read",
        arguments: [
            ([0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F], ["Hello"]),
            ([0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58], ["Hello"]),
            ([0x01, 0x03, 0x48, 0x65, 0x6C, 0x80, 0x02, 0x6C, 0x6F], ["Hel", "lo"]),
            ([0x89, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F], ["Hello"]),
            ([0x8A, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58], ["Hello"]),
        ] as [([UInt8], [String])])
    func examples(bytes: [UInt8], texts: [String]) {
        #expect(FrameDecoder.decoded([bytes]).payloads == texts.map { Array($0.utf8) })
    }

    @Test(
        "the long examples of RFC 6455 are read",
        arguments: [(256, [0x82, 0x7E, 0x01, 0x00]), (65_536, [0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0])] as [(Int, [UInt8])]
    )
    func longExamples(length: Int, header: [UInt8]) {
        let payload = SeededGenerator.bytes(length, seed: length)
        #expect(FrameDecoder.decoded([header + payload]).payloads == [payload])
    }

    static let streams: [[UInt8]] = {
        var fragment = FrameBytes(text: "frag", maskingKey: 0xA1B2_C3D4)
        fragment.isFinal = false
        var wide = FrameBytes(.binary, [1, 2, 3], maskingKey: 5)
        wide.lengthForm = .sixtyFourBits
        wide.reservedBits = 7
        var impossible = FrameBytes(.text, maskingKey: 9)
        impossible.statedLength = 1 << 63
        let long = FrameBytes(.binary, SeededGenerator.bytes(130, seed: 1), maskingKey: 77)
        return [
            fragment.bytes + FrameBytes(.ping).bytes + FrameBytes(.continuation, [4, 5]).bytes + wide.bytes,
            FrameBytes(.ping).bytes + FrameBytes(.pong, maskingKey: 1).bytes + FrameBytes(text: "x").bytes,
            long.bytes + long.bytes,
            FrameBytes(text: "last").bytes + impossible.bytes + FrameBytes(text: "never read").bytes,
            FrameBytes(closing: 1_000, "bye").bytes,
            SeededGenerator.bytes(400, seed: 3),
        ]
    }()

    @Test("where a stream is cut never changes the frames", arguments: streams)
    func cut(stream: [UInt8]) {
        #expect(CutVerifier.disagreements(on: stream) { FrameDecoder.decoded($0) } == [])
    }

    @Test("a frame without payload begins and finishes with its header", arguments: [nil, 3] as [UInt32?])
    func empty(key: UInt32?) {
        #expect(FrameDecoder.decoded([FrameBytes(.ping, maskingKey: key).bytes]).payloads == [[]])
    }

    @Test("payload is named by its place in the bytes that were given")
    func ranges() {
        let bytes = FrameBytes(text: "ab").bytes + FrameBytes(text: "cde", maskingKey: 1).bytes
        var decoder = FrameDecoder()
        var offset = 0
        var ranges: [Range<Int>] = []
        while let event = decoder.read(bytes.span.bytes, from: &offset) {
            if case .payload(let range) = event { ranges.append(range) }
        }
        #expect(ranges == [2..<4, 10..<13])
        #expect(offset == bytes.count)
        #expect(decoder.isAtBoundary)
    }

    @Test("a length with its top bit set loses the place, and the rest is consumed")
    func lost() {
        var frame = FrameBytes(.text)
        frame.statedLength = .max
        var decoder = FrameDecoder()
        var decoded: [Decoded] = []
        decoder.decode(frame.header + FrameBytes(text: "x").bytes, into: &decoded)
        decoder.decode(FrameBytes(text: "y").bytes, into: &decoded)
        #expect(decoded.count == 1)
        #expect(decoder.isLost && !decoder.isAtBoundary)
        guard case .lost = decoded.first else {
            Issue.record("the length was believed")
            return
        }
    }

    @Test("the longest possible frame is only begun")
    func longest() {
        var frame = FrameBytes(.binary, [1, 2, 3])
        frame.statedLength = 1 << 63 - 1
        var decoder = FrameDecoder()
        var decoded: [Decoded] = []
        decoder.decode(frame.bytes, into: &decoded)
        #expect(decoder.skip(.max - 4) == .inPayload)
        decoder.decode([4], into: &decoded)
        #expect(decoded.payloads == [[1, 2, 3, 4]])
        #expect(decoder.isAtBoundary)
    }

    @Test("random bytes never trap, and what is consumed is all of them", arguments: 0..<100)
    func random(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        var decoder = FrameDecoder()
        for _ in 0..<300 {
            let bytes = generator.bytes(generator.length(upTo: 60))
            var offset = 0
            var last = 0
            while let event = decoder.read(bytes.span.bytes, from: &offset) {
                if case .payload(let range) = event {
                    #expect(!range.isEmpty && range.lowerBound >= last && range.upperBound == offset)
                }
                last = offset
            }
            #expect(offset == bytes.count)
            if generator.oneIn(10) { _ = decoder.skip(Int.random(in: 1...5_000, using: &generator)) }
            if decoder.isLost { decoder = FrameDecoder() }
        }
    }
}
