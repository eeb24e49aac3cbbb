import TapAnalysis
import TapCore
import TapTestSupport
import TapWebSocket
import Testing

/// What looks suspicious and is legal must not be complained of.
@Suite("Innocent conversations")
struct InnocentTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let conversation: Conversation

        init(_ name: String, extensions: String? = nil, talk: (inout Conversation) -> Void) {
            testDescription = name
            var conversation = Conversation.upgraded(
                HandshakeBytes(extensions: extensions, chosenExtensions: extensions))
            talk(&conversation)
            self.conversation = conversation
        }
    }

    private static let deflate = "permessage-deflate"

    private static func compressed(_ text: String, by deflater: Deflater = Deflater()) -> FrameBytes {
        FrameBytes(.text, deflater.message(text)).compressed
    }

    static let frames = [
        Row("a message of empty fragments") {
            $0.send(FrameBytes(.text).unfinished, from: .client)
            for _ in 0..<3 { $0.send(FrameBytes(.continuation).unfinished, from: .client) }
            $0.send(FrameBytes(.continuation), from: .client)
            $0.close(by: .client)
        },
        Row("pings between the fragments of a character") {
            for (index, byte) in "😀".utf8.enumerated() {
                let frame = FrameBytes(index == 0 ? .text : .continuation, [byte])
                $0.send(index == 3 ? frame : frame.unfinished, from: .server)
                $0.send(FrameBytes(.ping, [byte]), from: .server)
            }
            $0.close(by: .client)
        },
        Row("empty frames of the client with one key") {
            for _ in 0..<3 { $0.send(FrameBytes(.pong, maskingKey: 0).sent(by: .client), from: .client) }
            $0.close(by: .client)
        },
        Row("a masking key that comes again, but not at once") {
            for key: UInt32 in [5, 6, 5, 6] { $0.send(FrameBytes(text: "a", maskingKey: key), from: .client) }
            $0.close(by: .client)
        },
        Row("a binary message that is no UTF-8") {
            $0.send(FrameBytes(.binary, [0xFF, 0xC0]), from: .server)
            $0.close(by: .client)
        },
        Row("noncharacters, a byte order mark and zeros in a text") {
            $0.send(text: "\u{FEFF}a\u{0}b\u{FFFF}\u{10FFFF}", from: .client)
            $0.close(by: .client)
        },
        Row("pongs that nobody asked for, and pings that nobody answers") {
            $0.send(FrameBytes(.pong, [1]), from: .client)
            for byte: UInt8 in 0..<5 { $0.send(FrameBytes(.ping, [byte]), from: .server) }
            $0.close(by: .client)
        },
        Row("a control frame of 125 bytes, and a length of 126") {
            $0.send(FrameBytes(.ping, [UInt8](repeating: 1, count: 125)), from: .server)
            $0.send(FrameBytes(.binary, [UInt8](repeating: 1, count: 126)), from: .server)
            $0.close(by: .client)
        },
    ]

    static let ends = [
        Row("the answer to a close in the middle of the answerer's message, and then the closer's FIN") {
            $0.send(FrameBytes(text: "one").unfinished, from: .server)
            $0.send(FrameBytes(closing: 1000), from: .client)
            $0.send(FrameBytes(closing: 1000), from: .server)
            $0.finish()
        },
        Row("frames that cross the peer's close") {
            $0.send(FrameBytes(closing: 1000), from: .client)
            $0.send(text: "late", from: .server)
            $0.send(FrameBytes(closing: 1000), from: .server)
            $0.finish(.server)
            $0.finish(.client)
        },
        Row("closes that cross each other") {
            for sender in Sender.allCases { $0.send(FrameBytes(closing: 1001), from: sender) }
            $0.finish()
        },
        Row("a reset after a clean close") {
            $0.send(FrameBytes(closing: 1000), from: .client)
            $0.send(FrameBytes(closing: 1000), from: .server)
            $0.reset(from: .server)
        },
        Row("a close that the capture's end leaves without an answer") {
            $0.send(FrameBytes(closing: 1000), from: .client)
        },
        Row("a connection that the capture's end leaves in a frame, in a message") {
            $0.send(FrameBytes(text: "one").unfinished, from: .client)
            $0.send(Array(FrameBytes(text: "hello").bytes.dropLast()), from: .server)
        },
        Row("a close without a body") {
            for sender in Sender.allCases { $0.send(FrameBytes(.close), from: sender) }
            $0.finish()
        },
        Row("a half-closed connection whose server goes on, and closes") {
            $0.send(FrameBytes(closing: 1000), from: .client)
            $0.finish(.client)
            $0.send(text: "the rest", from: .server)
            $0.send(FrameBytes(closing: 1000), from: .server)
            $0.finish(.server)
        },
    ]

    static let compression = [
        Row("messages that refer to those before", extensions: deflate) {
            let deflater = Deflater()
            for text in ["again and again", "again and again", ""] {
                $0.send(compressed(text, by: deflater), from: .client)
            }
            $0.close(by: .client)
        },
        Row("plain messages between compressed ones", extensions: deflate) {
            let deflater = Deflater()
            for _ in 0..<3 {
                $0.send(compressed("again and again", by: deflater), from: .server)
                $0.send(text: "again and again", from: .server)
            }
            $0.close(by: .server)
        },
        Row("a compressed message whose last fragment is empty", extensions: deflate) {
            $0.send(compressed("hello").unfinished, from: .server)
            $0.send(FrameBytes(.ping), from: .server)
            $0.send(FrameBytes(.continuation), from: .server)
            $0.close(by: .server)
        },
        Row("fragments that each end with a flush", extensions: deflate) {
            let deflater = Deflater()
            $0.send(FrameBytes(.text, deflater.part(Array("one, ".utf8))).compressed.unfinished, from: .client)
            $0.send(FrameBytes(.continuation, deflater.part(Array("two, ".utf8))).unfinished, from: .client)
            $0.send(FrameBytes(.continuation, deflater.message("three")), from: .client)
            $0.close(by: .client)
        },
        Row("a block that calls itself the last", extensions: deflate) {
            for _ in 0..<2 {
                let payload = Deflater().final(Array("hello".utf8)) + [0]
                $0.send(FrameBytes(.text, payload).compressed, from: .server)
            }
            $0.close(by: .server)
        },
        Row("a window of 8 bits", extensions: "permessage-deflate; server_max_window_bits=8") {
            let deflater = Deflater(windowBits: 8)
            let text = String(repeating: "a window of 256 bytes is soon full; ", count: 40)
            for _ in 0..<3 { $0.send(compressed(text, by: deflater), from: .server) }
            $0.close(by: .server)
        },
        Row("a small message of zeros", extensions: deflate) {
            let zeros = [UInt8](repeating: 0, count: 1 << 20)
            $0.send(FrameBytes(.binary, Deflater(level: 9).message(zeros)).compressed, from: .server)
            $0.close(by: .server)
        },
    ]

    @Test("what is legal is not complained of", arguments: frames + ends + compression)
    func innocent(_ row: Row) { #expect(Observed(row.conversation).ids == []) }

    @Test("nor where each byte has a segment of its own", arguments: frames + ends)
    func byteByByte(_ row: Row) {
        var conversation = row.conversation
        conversation.segments = conversation.segments.flatMap { segment in
            segment.payload.isEmpty ? [segment] : segment.payload.indices.map { segment.piece($0..<$0 + 1) }
        }
        #expect(Observed(conversation).ids == [])
    }

    @Test("who answers a close in the middle of its message may end the connection, too")
    func answeredInMessage() {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(text: "one").unfinished, from: .server)
        conversation.close(by: .client)
        #expect(Observed(conversation).ids == [])
    }

    @Test("a server may give back the code that it got, though it may not choose it", arguments: [false, true])
    func echoedCode(isEcho: Bool) {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(closing: 1010, "x-a"), from: .client)
        conversation.send(isEcho ? FrameBytes(closing: 1010) : FrameBytes(.close), from: .server)
        let observed = Observed(conversation)
        #expect(observed.ids == [.closeAbnormal] && observed.findings.first?.sender == .client)
    }

    @Test("an unanswered handshake has no end to complain of", arguments: [false, true])
    func unanswered(isReset: Bool) {
        var conversation = Conversation.opened
        conversation.send(HandshakeBytes().request.bytes, from: .client)
        if isReset { conversation.reset(from: .server) } else { conversation.finish() }
        #expect(Observed(conversation).ids == [.handshakeUnanswered])
    }

    @Test("a client that refuses the handshake may leave without a word")
    func invalid() {
        var handshake = HandshakeBytes()
        handshake.response.set("Sec-WebSocket-Accept", to: "nonsense")
        var conversation = Conversation.upgraded(handshake)
        conversation.reset(from: .client)
        #expect(Observed(conversation).ids == [.responseAcceptWrong])
    }

    @Test("the same key to another server, or from another client, is a proxy's doing")
    func keyPassedOn() {
        var conversation = Conversation.upgraded()
        var onward = Conversation(client: Endpoint("198.51.100.2", 40_000), server: Endpoint("203.0.113.7", 8_080))
        onward.handshake()
        onward.send(HandshakeBytes().request.bytes, from: .client)
        onward.send(HandshakeBytes().response.bytes, from: .server)
        conversation.segments += onward.segments
        #expect(Observed(conversation).ids == [])
    }

    @Test("a close that may only be missing from the capture is not asked for", arguments: Sender.allCases)
    func missingClose(sender: Sender) {
        var conversation = Conversation.upgraded()
        for sender in Sender.allCases { conversation.send(text: "hello", from: sender) }
        let close = conversation.segments.count
        conversation.close(by: sender)
        // The answer, which its sender's FIN follows.
        conversation.segments.remove(at: close + 2)
        #expect(Observed(conversation).ids.filter { $0.rawValue.hasPrefix("close-") } == [])
    }

    @Test("of what an unknown extension has changed, nothing is demanded")
    func unknownExtension() {
        var conversation = Conversation.upgraded(extensions: "x-unknown")
        conversation.send(FrameBytes(.text, [0xFF]), from: .server)
        conversation.send(FrameBytes(.text, [0xFF]).with { $0.reservedBits = 1 }, from: .client)
        #expect(Observed(conversation).ids == [])
        var compressed = Conversation.upgraded(extensions: "permessage-deflate, x-unknown")
        compressed.send(FrameBytes(text: "what x-unknown made of it").compressed, from: .server)
        #expect(Observed(compressed).ids == [.messageNotInflated])
    }

    @Test("data in the 101's own segment, and after it, is in time")
    func inTime() {
        var conversation = Conversation.opened
        conversation.send(HandshakeBytes().request.bytes, from: .client)
        conversation.send(HandshakeBytes().response.bytes + FrameBytes(text: "hello").bytes, from: .server)
        conversation.send(text: "hello", from: .client)
        conversation.close(by: .client)
        #expect(Observed(conversation).ids == [])
    }

    @Test("data that follows a 101 in time is so, too, where the capture shows it before the 101")
    func swapped() {
        var conversation = Conversation.upgraded()
        conversation.send(text: "hello", from: .client)
        conversation.segments.swapAt(5, 7)
        #expect(Observed(conversation).ids == [])
    }
}
