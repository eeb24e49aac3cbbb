import TapTestSupport
import TapWebSocket
import Testing

@Suite("Missing bytes between and inside frames")
struct SkipTests {
    static let stream = FrameBytes(text: "0123456789").bytes + FrameBytes(text: "next").bytes

    @Test("bytes missing from a payload are stepped over; over a boundary the place is lost", arguments: 0...12, 1...14)
    func skip(start: Int, count: Int) {
        var decoder = FrameDecoder()
        var decoded: [Decoded] = []
        decoder.decode(Array(Self.stream[..<start]), into: &decoded)
        let isInside = start >= 2 && start + count <= 12
        #expect(decoder.isAtBoundary == (start == 0 || start == 12))
        #expect(decoder.skip(count) == (isInside ? .inPayload : .lost))
        #expect(decoder.isLost == !isInside)
        decoder.decode(Array(Self.stream[min(start + count, Self.stream.count)...]), into: &decoded)
        if isInside {
            let kept = Array("0123456789".utf8)[..<(start - 2)] + Array("0123456789".utf8)[(start + count - 2)...]
            #expect(decoded.payloads == [Array(kept), Array("next".utf8)])
        } else {
            #expect(!decoded.payloads.contains(Array("next".utf8)))
        }
    }

    @Test("a frame whose last bytes are missing finishes with the next read, even of nothing")
    func finishes() {
        var decoder = FrameDecoder()
        var decoded: [Decoded] = []
        decoder.decode(Array(Self.stream[..<5]), into: &decoded)
        #expect(decoder.skip(7) == .inPayload)
        #expect(decoded.payloads.isEmpty)
        decoder.decode([], into: &decoded)
        #expect(decoded.payloads == [Array("012".utf8)])
        #expect(decoder.isAtBoundary)
    }

    @Test("several gaps in one payload are stepped over one by one")
    func several() {
        var decoder = FrameDecoder()
        var decoded: [Decoded] = []
        decoder.decode(Array(Self.stream[..<4]), into: &decoded)
        for _ in 0..<3 {
            #expect(decoder.skip(1) == .inPayload)
        }
        decoder.decode(Array(Self.stream[7...]), into: &decoded)
        #expect(decoded.payloads == [Array("0156789".utf8), Array("next".utf8)])
    }

    @Test("the place is lost inside a header that was cut", arguments: 1..<8)
    func insideHeader(start: Int) {
        let bytes = FrameBytes(.binary, [UInt8](repeating: 0, count: 200), maskingKey: 1).bytes
        var decoder = FrameDecoder()
        var decoded: [Decoded] = []
        decoder.decode(Array(bytes[..<start]), into: &decoded)
        #expect(!decoder.isAtBoundary)
        #expect(decoder.skip(1) == .lost)
        decoder.decode(bytes, into: &decoded)
        #expect(decoded == [])
    }
}
