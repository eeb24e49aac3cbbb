import TapAnalysis
import TapCore
import TapTestSupport
import TapWebSocket
import Testing

/// Connections of which it is not known what they are.
@Suite("The limit of undecided connections")
struct UndecidedLimitTests {
    /// Bytes that are neither HTTP nor frames, from the middle of a connection.
    private static func noise(_ number: Int) -> [ScriptedSegment] {
        var conversation = Conversation(
            client: Endpoint("192.0.2.\(1 + number / 10_000)", UInt16(1_024 + number % 10_000)))
        for sender in Sender.allCases { conversation.send(SeededGenerator.bytes(60, seed: number), from: sender) }
        return conversation.segments
    }

    private static func limited(to count: Int) -> AnalysisOptions {
        var options = AnalysisOptions()
        options.undecidedLimit = count
        return options
    }

    @Test("those that hold nothing make room, and are counted", arguments: [1, 10, 100, 5_000])
    func noise(limit: Int) {
        let flows = 300
        let observed = Observed((0..<flows).flatMap(Self.noise), Self.limited(to: limit))
        #expect(observed.handshakes.isEmpty && observed.summary.flows == flows)
        // Those that hold bytes may stay for a while.
        let tooMany = max(0, flows - limit)
        #expect(observed.summary.flowsGivenUp <= tooMany && observed.summary.flowsGivenUp >= tooMany * 8 / 10)
    }

    @Test("a handshake among them is seen, before and after them")
    func handshakes() {
        let handshakes = (0..<3).map { number in
            var conversation = Conversation.upgraded(from: UInt16(50_000 + number), HandshakeBytes())
            conversation.send(text: "hello", from: .client)
            return conversation.segments
        }
        let noise = { (range: Range<Int>) in range.flatMap(Self.noise) }
        let segments =
            handshakes[0] + noise(0..<40) + handshakes[1].prefix(4) + noise(40..<80) + handshakes[1].dropFirst(4)
            + handshakes[2]
        let observed = Observed(segments, Self.limited(to: 20))
        #expect(observed.verdicts == [.valid, .valid, .valid] && observed.frames.count == 3)
    }

    @Test("short connections that were decided do not count", arguments: [2, 3])
    func decided(limit: Int) {
        let segments = (0..<5_000).flatMap { number -> [ScriptedSegment] in
            var conversation = Conversation(client: Endpoint("192.0.2.1", UInt16(1_024 + number)))
            conversation.handshake()
            conversation.send("GET / HTTP/1.1\r\n\r\n", from: .client)
            conversation.send("HTTP/1.1 204 No Content\r\n\r\n", from: .server)
            conversation.finish()
            return conversation.segments
        }
        #expect(Observed(segments, Self.limited(to: limit)).summary.flowsGivenUp == 0)
    }
}
