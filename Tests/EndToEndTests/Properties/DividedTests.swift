import TapAnalysis
import TapCore
import TapFuzzing
import TapTestSupport
import TapWebSocket
import Testing

/// Analyzers that follow a part of the connections each observe together what one observes that follows all.
@Suite("Divided analysis")
struct DividedTests {
    private static func options(observingConnections: Bool) -> AnalysisOptions {
        var options = AnalysisOptions()
        options.observesMessages = true
        options.observesConnections = observingConnections
        return options
    }

    private static func expectSame(_ packets: [CapturedPacket], _ generator: inout SeededGenerator, _ name: String) {
        for observing in [true, false] {
            let options = options(observingConnections: observing)
            let divided = DividedReading.divided(packets, options, &generator)
            let whole = DividedReading.whole(packets, options)
            #expect(Difference.first(expected: whole, found: divided) == nil, "\(name)")
        }
    }

    @Test("of any capture, wherever batches end", arguments: RandomSeeds.some(30))
    func random(seed: Int) {
        var generator = SeededGenerator(seed: 500_000 + seed)
        var segments: [ScriptedSegment] = []
        for _ in 0..<4 { segments += RandomCapture(&generator).segments }
        let kept = segments.shuffledAfterStarts(within: seed % 8, using: &generator)
            .filter { _ in !generator.oneIn(20 + seed) }
        Self.expectSame(kept.packets(), &generator, "seed \(seed)")
    }

    @Test("of fragments, tunnels and other link layers", arguments: RandomSeeds.some(20))
    func reencapsulated(seed: Int) {
        var generator = SeededGenerator(seed: 600_000 + seed)
        let capture = RandomCapture(&generator)
        let packets = Reencapsulation(&generator).packets(capture.segments)
        Self.expectSame(packets, &generator, "seed \(seed)")
    }

    /// Connections by the parts that they belong to, of which each has some.
    private static func conversations(_ count: Int, key: (Int) -> String) -> [[ScriptedSegment]] {
        let all = (0..<count).map { number in
            var conversation = Conversation.upgraded(
                from: UInt16(20_000 + number), HandshakeBytes(key: key(number)))
            conversation.send(FrameBytes(text: "\(number)"), from: .client)
            return conversation.segments
        }
        let parts = Set(all.compactMap { $0.first.map { FlowKey($0.source, $0.destination).part } })
        #expect(parts == [0, 1])
        return all
    }

    @Test("keys that are used again are told where they are, whichever part had them first")
    func keys() {
        var generator = SeededGenerator(seed: 1)
        let keys = (0..<7).map { HandshakeBytes.key(SeededGenerator.bytes(16, seed: $0)) }
        let segments = Self.conversations(40) { keys[$0 * 5 % 7] }.flatMap { $0 }
        let packets = segments.packets()
        #expect(DividedReading.whole(packets, Self.options(observingConnections: true)).contains("request-key-reused"))
        for _ in 0..<10 { Self.expectSame(packets, &generator, "keys") }
    }

    @Test("connections that fall silent are closed in the order in which they were opened")
    func silence() {
        var generator = SeededGenerator(seed: 2)
        let keys = (0..<60).map { HandshakeBytes.key(SeededGenerator.bytes(16, seed: $0)) }
        let conversations = Self.conversations(60) { keys[$0] }
        var packets: [CapturedPacket] = []
        for (number, segments) in conversations.enumerated() {
            // Three groups, each an hour and more after the one before, and then the first of all once more.
            let start = Int64(number / 20) * 4_000_000_000_000 + Int64(number) * 1_000_000_000
            packets += segments.packets(firstNumber: UInt64(packets.count + 1), from: start)
        }
        packets += conversations[0].suffix(1).packets(
            firstNumber: UInt64(packets.count + 1), from: 20_000_000_000_000)
        #expect(DividedReading.whole(packets, Self.options(observingConnections: true)).contains("\"evicted\""))
        for _ in 0..<10 { Self.expectSame(packets, &generator, "silence") }
    }
}
