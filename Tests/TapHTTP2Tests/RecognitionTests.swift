import TapCore
import TapHTTP2
import TapTestSupport
import Testing

@Suite("Telling HTTP/2 by its bytes")
struct RecognitionTests {
    @Test("the preface tells a client, as soon as one byte is another it tells that it is none")
    func preface() {
        let preface = HTTP2Bytes.preface
        for count in 0...preface.count {
            let start = Array(preface[..<count])
            let isStart = HTTP2Recognition.isClientStart(start.span.bytes)
            #expect(isStart == (count == preface.count ? true : nil))
            let isOther = HTTP2Recognition.isClientStart((start + [0]).span.bytes)
            #expect(isOther == (count == preface.count ? true : false))
        }
    }

    @Test("a server is told by its settings and the frame after them")
    func server() {
        let bytes = Talk.enabled + HTTP2Bytes.acknowledgement
        for count in 0..<bytes.count {
            let start = Array(bytes[..<count])
            let isStart = HTTP2Recognition.isServerStart(start.span.bytes)
            #expect(isStart == nil)
        }
        let isStart = HTTP2Recognition.isServerStart(bytes.span.bytes)
        #expect(isStart == true)
        for other in [
            Array("HTTP/1.1 200 OK\r\n".utf8), [UInt8](repeating: 0, count: 64), [22, 3, 3, 0, 50, 2],
            HTTP2Bytes.ping + HTTP2Bytes.ping, HTTP2Bytes.settings([(2, 9)]) + HTTP2Bytes.acknowledgement,
        ] {
            let isStart = HTTP2Recognition.isServerStart(other.span.bytes)
            #expect(isStart == false)
        }
    }

    @Test("frames are found in the middle, at the first that is whole")
    func middle() {
        let frames = (0..<6).flatMap { HTTP2Bytes.data(SeededGenerator.bytes(300, seed: $0), on: 7) }
        for start in 0..<frames.count - 3 * 309 {
            let rest = Array(frames[start...])
            let answer = HTTP2FrameChain.search(rest.span.bytes, from: 0)
            #expect(answer == .begins((309 - start % 309) % 309), "\(start)")
        }
    }

    /// Bytes of other protocols: no chance may make frames of them.
    static let innocent: [(name: String, bytes: [UInt8])] = [
        ("random", SeededGenerator.bytes(4 << 20, seed: 1)),
        ("zeros", [UInt8](repeating: 0, count: 1 << 20)),
        ("counting 32-bit numbers", (0..<1 << 18).flatMap { HTTP2Bytes.word($0) }),
        (
            "counting 32-bit numbers, lowest byte first",
            (0..<1 << 18).flatMap { HTTP2Bytes.word(UInt32($0).byteSwapped) }
        ),
        ("counting 64-bit numbers", (0..<1 << 17).flatMap { [0, 0, 0, 0] + HTTP2Bytes.word($0) }),
        ("counting 16-bit numbers", (0..<1 << 16).flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }),
        (
            "HTTP/1.1",
            (0..<9_000).flatMap { Array("GET /\($0) HTTP/1.1\r\nHost: example.com\r\nContent-Length: 0\r\n\r\n".utf8) }
        ),
        ("TLS", (0..<2_000).flatMap { [23, 3, 3, 1, 0] + SeededGenerator.bytes(256, seed: $0) }),
        ("masked WebSocket", (0..<9_000).flatMap { [0x82, 0xA0] + SeededGenerator.bytes(36, seed: $0) }),
        (
            "WebSocket of zeros",
            (0..<9_000).flatMap { [0x82, UInt8($0 % 126)] + [UInt8](repeating: 0, count: $0 % 126) }
        ),
        (
            "small random numbers",
            {
                var generator = SeededGenerator(seed: 3)
                return generator.bytes(4 << 20, in: 0...9)
            }()
        ),
        (
            "zeros with few other bytes",
            {
                var generator = SeededGenerator(seed: 4)
                return (0..<2 << 20).map { _ in generator.oneIn(6) ? UInt8.random(in: 0...12, using: &generator) : 0 }
            }()
        ),
    ]

    @Test("other bytes are no frames", arguments: innocent.indices)
    func others(index: Int) {
        let bytes = Self.innocent[index].bytes
        var start = 0
        var found: [Int] = []
        while start < bytes.count {
            switch HTTP2FrameChain.search(bytes.span.bytes, from: start) {
            case .begins(let offset):
                found.append(offset)
                start = offset + 1
            case .undecided(let offset): start = offset + 1
            }
        }
        #expect(found.isEmpty, "\(Self.innocent[index].name): \(found.count) of \(bytes.count)")
    }
}
