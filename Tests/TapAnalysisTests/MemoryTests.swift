import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

@Suite("What is kept of messages")
struct MemoryTests {
    private static let deflate = "permessage-deflate"

    /// Whether an analyzer that is over with all it was given keeps as much of a new message as a fresh one does.
    ///
    /// That is so only where all that was counted as kept was given back.
    private func isAllGivenBack(after packets: [CapturedPacket], _ options: AnalysisOptions) -> Bool {
        let payload = SeededGenerator.bytes(options.pendingPayloadLimit / 4, seed: 1)
        let key = HandshakeBytes.key(SeededGenerator.bytes(16, seed: 77))
        var probe = Conversation.upgraded(from: 65_000, HandshakeBytes(key: key))
        probe.send(FrameBytes(.binary, payload), from: .server)
        // So long after a reset nobody doubts it any more.
        let later = probe.segments.packets(firstNumber: UInt64(packets.count + 1), from: 1_700_000_100_000_000_000)
        let observed = Observed(packets + later, options)
        return observed.payloads.last == payload && observed.messagePayloads.last == payload
            && Observed(probe, options).payloads.last == payload
    }

    private static let options: AnalysisOptions = {
        var options = AnalysisOptions()
        options.observesMessages = true
        options.pendingPayloadLimit = 4_096
        return options
    }()

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let conversation: Conversation

        init(_ name: String, talk: (inout Conversation) -> Void) {
            testDescription = name
            var conversation = Conversation.upgraded(extensions: MemoryTests.deflate)
            talk(&conversation)
            self.conversation = conversation
        }
    }

    private static let long = SeededGenerator.bytes(3_000, seed: 3)

    static let rows = [
        Row("whole messages") {
            for _ in 0..<5 { $0.send(FrameBytes(.binary, long), from: .client) }
            $0.close(by: .client)
        },
        Row("compressed messages") {
            let deflater = Deflater()
            for _ in 0..<5 { $0.send(FrameBytes(.binary, deflater.message(long)).compressed, from: .client) }
            $0.close(by: .client)
        },
        Row("a message that nobody finishes, then a reset") {
            $0.send(FrameBytes(.binary, long).unfinished, from: .server)
            $0.reset(from: .client)
        },
        Row("a frame that nobody finishes, then a reset") {
            $0.send(Array(FrameBytes(.binary, long).bytes.dropLast(10)), from: .server)
            $0.reset(from: .server)
        },
        Row("messages that others interrupt") {
            for _ in 0..<5 { $0.send(FrameBytes(.binary, long).unfinished, from: .server) }
            $0.close(by: .client)
        },
        Row("a compressed message that turns out broken") {
            $0.send(FrameBytes(.binary, Deflater().part(long)).compressed.unfinished, from: .server)
            $0.send(FrameBytes(.continuation, [0x06]), from: .server)
            $0.close(by: .client)
        },
        Row("continuations of nothing") {
            for _ in 0..<5 { $0.send(FrameBytes(.continuation, long).unfinished, from: .server) }
            $0.close(by: .client)
        },
        Row("a length that loses sync in the middle of a message") {
            $0.send(FrameBytes(.binary, long).unfinished, from: .server)
            $0.send(FrameBytes(.continuation).with { $0.statedLength = .max }, from: .server)
            $0.reset(from: .client)
        },
        Row("a hole in a compressed message") {
            $0.send(FrameBytes(.binary, Deflater().message(long)).compressed, from: .server, segmentSize: 100)
            $0.segments.remove(at: Conversation.upgradedPackets + 9)
            $0.reset(from: .client)
        },
        Row("a message that becomes too large") {
            let zeros = [UInt8](repeating: 0, count: 3 << 20)
            $0.send(FrameBytes(.binary, Deflater().message(zeros)).compressed, from: .server)
            $0.close(by: .client)
        },
        Row("ports that are used again in the middle of a message") {
            $0.send(FrameBytes(.binary, long).unfinished, from: .server)
            let key = HandshakeBytes.key(SeededGenerator.bytes(16, seed: 5))
            $0.segments += Conversation.upgraded(clientISN: 9_999, HandshakeBytes(key: key)).segments
            $0.reset(from: .client)
        },
    ]

    @Test("what a connection kept is given back when it is over", arguments: rows)
    func givenBack(_ row: Row) {
        #expect(isAllGivenBack(after: row.conversation.segments.packets(), MemoryTests.options))
    }

    /// A conversation of compressed messages, of which some are damaged.
    private func damagedConversation(_ parameters: String, using generator: inout SeededGenerator) -> Conversation {
        let extensions = "permessage-deflate" + parameters
        var conversation = Conversation.upgraded(
            HandshakeBytes(extensions: extensions + "; client_max_window_bits", chosenExtensions: extensions))
        let deflaters = Sender.allCases.map { (sender: $0, deflater: Deflater(windowBits: 9)) }
        for _ in 0..<30 {
            guard let (sender, deflater) = deflaters.randomElement(using: &generator) else { continue }
            let text = String(repeating: "damage \(Int.random(in: 0...9, using: &generator)), ", count: 9)
            var payload = deflater.message(text)
            if generator.oneIn(4), !payload.isEmpty {
                let place = Int.random(in: 0..<payload.count, using: &generator)
                payload[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
            }
            if generator.oneIn(8) { payload.removeLast(Int.random(in: 0...payload.count, using: &generator)) }
            let isFragmented = generator.oneIn(3)
            var frame = FrameBytes(generator.oneIn(4) ? .binary : .text, payload).compressed
            if generator.oneIn(10) { frame.reservedBits = UInt8.random(in: 0...7, using: &generator) }
            if generator.oneIn(10) { frame.opcode = UInt8.random(in: 0...15, using: &generator) }
            conversation.send(isFragmented ? frame.unfinished : frame, from: sender, segmentSize: 40)
            if isFragmented, !generator.oneIn(4) {
                conversation.send(FrameBytes(.continuation, deflater.message("the end")), from: sender)
            }
        }
        conversation.reset(from: .client)
        return conversation
    }

    @Test("damaged compressed conversations never trap, and give back what they kept", arguments: 0..<100)
    func damaged(seed: Int) {
        var generator = SeededGenerator(seed: 5_000 + seed)
        let parameters = [
            "", "; server_no_context_takeover", "; client_max_window_bits=9", "; server_max_window_bits=8",
        ]
        let conversation = damagedConversation(parameters.randomElement(using: &generator) ?? "", using: &generator)
        let opening = conversation.segments.prefix(Conversation.upgradedPackets)
        var rest = Array(conversation.segments.dropFirst(opening.count))
        if generator.oneIn(2) { rest = rest.dropped(oneIn: 20, using: &generator) }
        let segments = opening + rest.resegmented(using: &generator)
        #expect(isAllGivenBack(after: Array(segments).packets(), MemoryTests.options))
    }

    @Test("where segments end makes no difference to them", arguments: 0..<100)
    func damagedAndCut(seed: Int) {
        var generator = SeededGenerator(seed: 9_000 + seed)
        let parameters = ["", "; server_no_context_takeover"].randomElement(using: &generator) ?? ""
        let whole = damagedConversation(parameters, using: &generator)
        var cut = whole
        cut.segments = whole.segments.flatMap { segment -> [ScriptedSegment] in
            guard segment.payload.count > 1, segment.flags.isDisjoint(with: [.syn, .rst]) else { return [segment] }
            let place = Int.random(in: 1..<segment.payload.count, using: &generator)
            return [segment.piece(0..<place), segment.piece(place..<segment.payload.count)]
        }
        let (one, other) = (Observed(whole, MemoryTests.messages), Observed(cut, MemoryTests.messages))
        #expect(one.seen == other.seen)
        #expect(one.ids == other.ids)
        // More packets take more time, and have other numbers; all else is the same.
        let details = [one, other].map { observed in
            observed.findings.map { $0.violation.detail.replacing(#/packet \d+/#, with: "packet") }
                .filter { !$0.contains(" s without ") }
        }
        #expect(details[0] == details[1])
        #expect(one.messagePayloads == other.messagePayloads)
    }

    private static let messages: AnalysisOptions = {
        var options = AnalysisOptions()
        options.observesMessages = true
        return options
    }()

    @Test("control frames are read though no more may be kept")
    func controlFrames() throws {
        var conversation = Conversation.upgraded()
        for opcode in [Opcode.binary, .continuation, .continuation] {
            conversation.send(FrameBytes(opcode, MemoryTests.long).unfinished, from: .server)
        }
        for (opcode, sender) in [(Opcode.ping, Sender.server), (.pong, .client)] {
            conversation.send(FrameBytes(opcode, [1, 2]), from: sender)
        }
        conversation.send(FrameBytes(.pong, [3]), from: .client)
        conversation.send(FrameBytes(.ping, MemoryTests.long), from: .client)
        conversation.send(FrameBytes(closing: 999, "why"), from: .client)
        let observed = Observed(conversation, MemoryTests.options)
        let connection = try #require(observed.connections.first)
        #expect(connection.serverPings.answered == 1 && connection.close.body?.reason == "why")
        #expect(observed.ids == [.frameControlTooLong, .closeCodeInvalid])
        #expect(observed.payloads.last == [0x03, 0xE7] + Array("why".utf8) && observed.payloads[7].count <= 125)
    }

    @Test("of many messages that nobody finishes, only so much is kept in all")
    func manyUnfinished() {
        var segments: [ScriptedSegment] = []
        for port: UInt16 in 40_000..<40_050 {
            let key = HandshakeBytes.key(SeededGenerator.bytes(16, seed: Int(port)))
            var conversation = Conversation.upgraded(from: port, HandshakeBytes(key: key))
            conversation.send(FrameBytes(.binary, MemoryTests.long).unfinished, from: .server)
            segments += conversation.segments
        }
        let observed = Observed(segments, MemoryTests.options)
        #expect(observed.frames.count == 50 && observed.frames.allSatisfy { $0.isWhole })
        #expect(observed.messages.count == 50 && observed.messages.allSatisfy { $0.length == 3_000 })
        #expect(observed.messagePayloads.reduce(0) { $0 + $1.count } <= 4_096)
    }
}
