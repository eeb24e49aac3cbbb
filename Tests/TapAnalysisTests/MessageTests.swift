import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Messages")
struct MessageTests {
    static let options: AnalysisOptions = {
        var options = AnalysisOptions()
        options.observesMessages = true
        return options
    }()

    private static let deflate = "permessage-deflate"

    private func observed(_ conversation: Conversation) -> Observed { Observed(conversation, MessageTests.options) }

    @Test("a message tells of its frames, its packets and its times")
    func facts() throws {
        var conversation = Conversation.upgraded(extensions: MessageTests.deflate)
        let payload = Deflater().message("hello, hello, hello, hello")
        conversation.send(FrameBytes(.ping), from: .server)
        conversation.send(FrameBytes(.text, Array(payload[..<4])).compressed.unfinished, from: .server)
        conversation.send(text: "between", from: .client)
        conversation.send(FrameBytes(.continuation, Array(payload[4...])), from: .server)
        let observed = observed(conversation)
        #expect(observed.messages.map(\.number) == [2, 1] && observed.messages.map(\.sender) == [.client, .server])
        let message = try #require(observed.messages.last)
        #expect(message.kind == .text && message.compression == .inflated && message.isWhole)
        #expect(message.firstFrame == 2 && message.frames == 2)
        #expect(message.wireLength == UInt64(payload.count) && message.length == 26)
        let frames = observed.frames.filter { $0.message == 1 }
        #expect(message.firstPacket == frames[0].firstPacket && message.packet == frames[1].packet)
        #expect(message.firstTime == frames[0].time && message.time == frames[1].time)
        #expect(observed.messagePayloads.last == Array("hello, hello, hello, hello".utf8))
        #expect(frames.reduce(0) { $0 + $1.inflatedLength } == 26)
    }

    private struct Seen: Equatable {
        let number: Int
        let kind: Opcode
        let compression: Message.Compression
        let lengths: [UInt64]
        let isWhole: Bool
        let payload: [UInt8]
    }

    private func seen(_ observed: Observed) -> [Seen] {
        zip(observed.messages, observed.messagePayloads).map { message, payload in
            Seen(
                number: message.number, kind: message.kind, compression: message.compression,
                lengths: [message.wireLength, message.length], isWhole: message.isWhole, payload: payload)
        }
    }

    /// What a peer sends in a connection that compresses, all of it in one stream of bytes.
    private static func stream(_ sender: Sender) -> [UInt8] {
        let deflater = Deflater()
        let long = deflater.message(String(repeating: "so it goes, ", count: 20))
        let garbage = FrameBytes(.binary, [0x06, 1, 2, 3]).compressed
        let frames = [
            FrameBytes(.text, Array(long[..<5])).compressed.unfinished, FrameBytes(.ping, [1, 2, 3]),
            FrameBytes(.continuation, Array(long[5...])), FrameBytes(text: "plain"),
            FrameBytes(.text, deflater.message("so it goes")).compressed, FrameBytes(.text, [0xC3, 0xA4, 0xFF]),
            FrameBytes(.text, deflater.message([0x61, 0xFF])).compressed, garbage,
            FrameBytes(.text, Deflater().message("fresh")).compressed, FrameBytes(.continuation, [7]),
            FrameBytes(text: "unfinished").unfinished, FrameBytes(text: "the last"),
        ]
        return frames.enumerated().flatMap { index, frame in
            frame.with { $0.maskingKey = sender == .client ? 0x9E37_79B9 &* UInt32(index + 1) : nil }.bytes
        }
    }

    @Test("where segments end never changes messages, nor what is found", arguments: Sender.allCases)
    func cuts(sender: Sender) {
        let stream = MessageTests.stream(sender)
        let disagreements = CutVerifier.disagreements(on: stream) { pieces in
            var conversation = Conversation.upgraded(extensions: MessageTests.deflate)
            for piece in pieces where !piece.isEmpty { conversation.send(piece, from: sender, isAcknowledged: false) }
            let observed = observed(conversation)
            return Everything(
                messages: seen(observed), frames: observed.seen, findings: observed.findings.map(\.violation))
        }
        #expect(disagreements == [])
        var conversation = Conversation.upgraded(extensions: MessageTests.deflate)
        conversation.send(stream, from: sender)
        let compressions = observed(conversation).messages.map(\.compression)
        #expect(compressions.filter { $0 == .inflated }.count == 4 && compressions.count == 10)
    }

    private struct Everything: Equatable {
        let messages: [Seen]
        let frames: [SeenFrame]
        let findings: [Violation]
    }

    @Test("a compressed text that goes wrong early is inflated to its end, and so is what follows", arguments: [1, 40])
    func textFaultInCompressed(kilobytes: Int) {
        let deflater = Deflater()
        // More than is inflated at once.
        let text = [0xFF] + Array(repeating: UInt8(ascii: "a"), count: kilobytes << 10)
        var conversation = Conversation.upgraded(extensions: MessageTests.deflate)
        conversation.send(FrameBytes(.text, deflater.message(text)).compressed, from: .server)
        conversation.send(FrameBytes(.text, deflater.message("aaaaaaaaaaaa")).compressed, from: .server)
        let observed = observed(conversation)
        #expect(observed.ids == [.messageNotUTF8])
        #expect(observed.messages.map(\.length) == [UInt64(text.count), 12])
        #expect(observed.messagePayloads.map(\.count) == [text.count, 12] && observed.messagePayloads.first == text)
    }

    @Test("a message that fails costs those that refer to it, and it is told once", arguments: Sender.allCases)
    func lostContext(sender: Sender) {
        let deflater = Deflater()
        var conversation = Conversation.upgraded(extensions: MessageTests.deflate)
        let texts = ["what is said once", "what is said once", "what is said once", "what is said once"]
        for (index, text) in texts.enumerated() {
            var payload = deflater.message(text)
            if index == 1 { payload = [0x06] }
            conversation.send(FrameBytes(.text, payload).compressed, from: sender)
        }
        let observed = observed(conversation)
        #expect(observed.ids == [.messageInflateFailed, .messageNotInflated])
        #expect(observed.messages.map(\.compression).first == .inflated)
    }

    @Test("of a message longer than the limit, the first bytes are kept", arguments: [0, 1, 99, 100])
    func payloadLimit(limit: Int) {
        var conversation = Conversation.upgraded(extensions: MessageTests.deflate)
        let text = [UInt8](repeating: UInt8(ascii: "x"), count: 100)
        conversation.send(FrameBytes(.text, text), from: .client)
        conversation.send(FrameBytes(.text, Deflater().message(text)).compressed, from: .client)
        conversation.send(FrameBytes(.text, Array(text[..<50])).unfinished, from: .client)
        conversation.send(FrameBytes(.continuation, Array(text[50...])), from: .client)
        var options = MessageTests.options
        options.payloadLimit = limit
        let observed = Observed(conversation, options)
        #expect(observed.messagePayloads == [[UInt8]](repeating: Array(text.prefix(limit)), count: 3))
        #expect(observed.messages.allSatisfy { $0.length == 100 && $0.isWhole } && observed.ids == [])
    }

    @Test("a message beyond the limit of inflation is told, and the connection goes on")
    func inflatedLimit() {
        var conversation = Conversation.upgraded(extensions: MessageTests.deflate)
        let text = [UInt8](repeating: UInt8(ascii: "x"), count: 1_001)
        for count in [1_000, 1_001] {
            conversation.send(
                FrameBytes(.text, Deflater().message(Array(text.prefix(count)))).compressed, from: .client)
        }
        conversation.send(text: "after", from: .client)
        var options = MessageTests.options
        options.inflatedLimit = 1_000
        let observed = Observed(conversation, options)
        #expect(observed.ids == [.messageInflateLimited] && observed.findings.first?.frame == 2)
        #expect(observed.messages.map(\.compression) == [.inflated, .inflatedInPart, .none])
        #expect(observed.messagePayloads.last == Array("after".utf8))
    }

    @Test("a message that refers to more than the window that was agreed on is read all the same")
    func beyondWindow() {
        let random = SeededGenerator.bytes(1_500, seed: 2)
        let payload = Deflater(windowBits: 15).message(random + random)
        let found = [60_000, 500, 10].map { size in
            var conversation = Conversation.upgraded(extensions: "permessage-deflate; server_max_window_bits=10")
            conversation.send(FrameBytes(.binary, payload).compressed, from: .server, segmentSize: size)
            return observed(conversation)
        }
        #expect(found.allSatisfy { $0.ids == [.messageWindowExceeded] })
        #expect(found.allSatisfy { $0.messagePayloads == [random + random] })
    }

    struct Limit: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let bytes: [UInt8]
        let opcode: Opcode
        var inflated: UInt64 = .max
        var ids: [FindingID] = [.messageInflateLimited]
        let length: UInt64
    }

    private static let noise = SeededGenerator.bytes(1_000, seed: 3)

    @Test(
        "where segments end never changes how far a message is inflated",
        arguments: [
            Limit(
                testDescription: "a limit that noise exceeds", bytes: [UInt8](repeating: 7, count: 500) + noise,
                opcode: .binary, inflated: 1_000, length: 1_000),
            Limit(
                testDescription: "a limit that is reached", bytes: noise, opcode: .binary, inflated: 1_000, ids: [],
                length: 1_000),
            Limit(
                testDescription: "a text that is wrong, and beyond the limit", bytes: [0xFF] + noise, opcode: .text,
                inflated: 1_000, ids: [.messageNotUTF8, .messageInflateLimited], length: 1_000),
            Limit(
                testDescription: "zeros beyond the ratio", bytes: [UInt8](repeating: 0, count: 2 << 20),
                opcode: .binary, length: 1 << 20),
            Limit(
                testDescription: "zeros beyond the ratio, but for the noise after them",
                bytes: [UInt8](repeating: 0, count: 2 << 20) + Array(repeating: noise, count: 60).joined(),
                opcode: .binary, ids: [.messageInflateLimited], length: 1 << 20),
            Limit(
                testDescription: "zeros within the ratio, with much noise after them",
                bytes: [UInt8](repeating: 0, count: 2 << 20) + SeededGenerator.bytes(20_000, seed: 4), opcode: .binary,
                ids: [], length: 2 << 20 + 20_000),
        ], [1, 7, 100, 60_000])
    func limits(row: Limit, segmentSize: Int) throws {
        var conversation = Conversation.upgraded(extensions: MessageTests.deflate)
        let payload = Deflater(level: 9).message(row.bytes)
        conversation.send(FrameBytes(row.opcode, payload).compressed, from: .server, segmentSize: segmentSize)
        var options = MessageTests.options
        options.inflatedLimit = row.inflated
        let observed = Observed(conversation, options)
        #expect(observed.ids == row.ids)
        let message = try #require(observed.messages.first)
        #expect(message.length == row.length)
        #expect(observed.messagePayloads == [Array(row.bytes.prefix(Int(clamping: min(row.length, 1 << 20))))])
    }

    @Test("a ratio is looked at only where a message is large", arguments: [(200, true), (2_000, false)])
    func ratio(ratio: UInt64, isLimited: Bool) {
        var conversation = Conversation.upgraded(extensions: MessageTests.deflate)
        let zeros = [UInt8](repeating: 0, count: 2 << 20)
        conversation.send(FrameBytes(.binary, Deflater(level: 9).message(zeros)).compressed, from: .server)
        var options = MessageTests.options
        options.inflationRatio = ratio
        #expect(Observed(conversation, options).ids == (isLimited ? [.messageInflateLimited] : []))
    }

    @Test("a message of the middle of a connection is told as far as it was captured")
    func partial() throws {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(.binary, [UInt8](repeating: 7, count: 300)), from: .server, segmentSize: 100)
        conversation.segments.remove(at: Conversation.upgradedPackets + 1)
        let message = try #require(observed(conversation).messages.first)
        #expect(!message.isWhole && message.wireLength == 300 && message.length <= 200)
    }

    @Test("messages are counted, inflated and checked where nobody observes them")
    func unobserved() {
        var conversation = Conversation.upgraded(extensions: MessageTests.deflate)
        conversation.send(FrameBytes(.text, Deflater().message([0xFF])).compressed, from: .client)
        var options = AnalysisOptions()
        options.observesFrames = false
        let observed = Observed(conversation, options)
        #expect(observed.ids == [.messageNotUTF8] && observed.messages.isEmpty && observed.summary.messages == 1)
    }

    @Test("inflaters go with their connections: their number is of those at once", arguments: [1, 2])
    func inflaters(limit: Int) {
        var segments: [ScriptedSegment] = []
        for port: UInt16 in 40_000..<40_005 {
            let key = HandshakeBytes.key(SeededGenerator.bytes(16, seed: Int(port)))
            var conversation = Conversation.upgraded(
                from: port,
                HandshakeBytes(key: key, extensions: MessageTests.deflate, chosenExtensions: MessageTests.deflate))
            conversation.send(FrameBytes(.text, Deflater().message("hello")).compressed, from: .client)
            conversation.send(FrameBytes(.text, Deflater().message("hello")).compressed, from: .server)
            conversation.close(by: .client)
            segments += conversation.segments
        }
        var options = MessageTests.options
        options.inflaterLimit = limit
        let observed = Observed(segments, options)
        #expect(observed.ids == [FindingID](repeating: .messageNotInflated, count: limit == 1 ? 5 : 0))
    }
}
