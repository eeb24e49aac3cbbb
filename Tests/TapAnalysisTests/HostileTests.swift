import TapAnalysis
import TapCore
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Hostile captures")
struct HostileTests {
    @Test("random packets never trap", arguments: 0..<20)
    func packets(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let packets = (1...300).map { number in
            let framing = LinkFraming.allCases.randomElement(using: &generator) ?? .raw
            let bytes = framing.frame(generator.bytes(generator.length(upTo: 120)), isIPv6: false)
            return CapturedPacket(
                bytes, framing.linkType(isIPv6: false), number: UInt64(number),
                nanoseconds: Int64.random(in: .min ... .max, using: &generator))
        }
        let observed = Observed(packets)
        #expect(observed.summary.packets == 300 && observed.frames.isEmpty)
    }

    @Test("random bytes inside a connection never trap, and each is accounted for", arguments: 0..<300)
    func bytes(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        var conversation = Conversation.upgraded()
        for _ in 0..<20 {
            let sender: Sender = generator.oneIn(2) ? .client : .server
            var bytes = generator.bytes(generator.length(upTo: 200))
            // Short frames, so that there are many.
            if generator.oneIn(2), bytes.count > 1 { bytes[1] &= 0x8F }
            conversation.send(bytes, from: sender)
        }
        conversation.finish()
        let observed = Observed(conversation.segments.resegmented(using: &generator))
        let connection = try #require(observed.connections.first)
        for (sender, statistics) in [(Sender.client, connection.fromClient), (.server, connection.fromServer)] {
            let frames = observed.frames.filter { $0.sender == sender }
            #expect(statistics.frames == UInt64(frames.count) && statistics.missingBytes == 0)
            #expect(statistics.payloadBytes == frames.reduce(0) { $0 + $1.capturedLength })
        }
        #expect(observed.frames.map(\.number) == observed.frames.indices.map { $0 + 1 })
        #expect(observed.findings.count <= 100)
    }

    @Test("random holes never trap, and each is counted", arguments: 0..<200)
    func holes(seed: Int) throws {
        var generator = SeededGenerator(seed: 1_000 + seed)
        var conversation = Conversation.upgraded()
        for _ in 0..<30 {
            let payload = generator.bytes(generator.length(upTo: 300))
            conversation.send(
                FrameBytes(.binary, payload), from: generator.oneIn(2) ? .client : .server, segmentSize: 64)
        }
        let all = conversation.segments
        let opening = Array(all.prefix(Conversation.upgradedPackets))
        let rest = Array(all.dropFirst(opening.count)).dropped(oneIn: 2 + seed % 8, using: &generator)
        let observed = Observed(opening + rest)
        let connection = try #require(observed.connections.first)
        let lost = { (segments: [ScriptedSegment]) in segments.reduce(0) { $0 + $1.payload.count } }
        let missing = connection.fromClient.missingBytes + connection.fromServer.missingBytes
        #expect(missing == UInt64(lost(all) - lost(opening + rest)))
        #expect(observed.frames.allSatisfy { $0.findings == [] })
    }

    @Test("a frame may claim any length", arguments: [1 << 16, 1 << 32, 1 << 63 - 1] as [UInt64])
    func hugeLength(length: UInt64) throws {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(.binary, [1, 2, 3]).with { $0.statedLength = length }, from: .server)
        conversation.send([UInt8](repeating: 7, count: 10_000), from: .server)
        let observed = Observed(conversation)
        let frame = try #require(observed.frames.first)
        #expect(frame.header.payloadLength == length && frame.capturedLength == 10_003 && !frame.isWhole)
        #expect(observed.ids == [])
    }

    @Test("what follows an impossible length is counted, not decoded")
    func impossibleLength() throws {
        var conversation = Conversation.upgraded()
        let bad = FrameBytes(.binary, [1, 2, 3]).with { $0.statedLength = .max }
        conversation.send(FrameBytes(text: "good").bytes + bad.bytes, from: .server)
        conversation.send(text: "lost", from: .server)
        let observed = Observed(conversation)
        #expect(observed.texts == ["good"])
        let server = try #require(observed.connections.first).fromServer
        #expect(server.undecodedBytes == 19)
    }

    @Test("random heads never trap", arguments: 0..<200)
    func heads(seed: Int) {
        var generator = SeededGenerator(seed: 2_000 + seed)
        let handshake = HandshakeBytes(protocols: "a, b", chosenProtocol: "a")
        var conversation = Conversation.opened
        for _ in 0..<4 {
            for (sender, head) in [(Sender.client, handshake.request), (.server, handshake.response)] {
                var bytes = head.bytes
                for _ in 0..<Int.random(in: 0...3, using: &generator) {
                    bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
                        in: .min ... .max, using: &generator)
                }
                conversation.send(bytes, from: sender, segmentSize: Int.random(in: 1...200, using: &generator))
            }
        }
        #expect(Observed(conversation).summary.flows == 1)
    }
}
