import TapTestSupport
import TapTransport
import TapWebSocket
import Testing

/// Conversations of random length and pace, mistreated as networks and captures do.
@Suite("Random conversations")
struct RandomConversationTests {
    struct Sample {
        var conversation: Conversation
        var sent: [Sender: [UInt8]] = [.client: [], .server: []]

        init(_ generator: inout SeededGenerator) {
            conversation = Conversation(
                clientISN: generator.oneIn(2) ? 0 &- UInt32.random(in: 0...3_000, using: &generator) : 7,
                serverISN: generator.oneIn(2) ? 0 &- UInt32.random(in: 0...3_000, using: &generator) : 8)
            conversation.handshake()
            for _ in 0..<Int.random(in: 1...40, using: &generator) {
                let sender: Sender = generator.oneIn(2) ? .client : .server
                let bytes = generator.bytes(generator.length(upTo: 300))
                conversation.send(
                    bytes, from: sender, segmentSize: Int.random(in: 1...150, using: &generator),
                    isAcknowledged: generator.oneIn(2))
                sent[sender, default: []] += bytes
            }
            conversation.finish()
        }
    }

    @Test("reordering, duplication and resegmentation change no byte of either stream", arguments: 0..<300)
    func mistreated(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        let sample = Sample(&generator)
        let segments = sample.conversation.segments
            .resegmented(using: &generator)
            .shuffled(within: seed % 9, keepingFirst: 3, using: &generator)
            .duplicated(oneIn: 3, keepingFirst: 3, using: &generator)
        let sink = follow(segments, isFinished: false)
        let flow = try #require(sink.flows.first)
        #expect(sink.flows.count == 1)
        #expect(flow.client.bytes == sample.sent[.client])
        #expect(flow.server.bytes == sample.sent[.server])
        #expect(flow.client.gaps == [] && flow.server.gaps == [])
        #expect(flow.end == .finished)
    }

    @Test("of lost packets each byte is counted, at its place", arguments: 0..<300)
    func lossy(seed: Int) throws {
        var generator = SeededGenerator(seed: 10_000 + seed)
        let sample = Sample(&generator)
        let segments = sample.conversation.segments
            .dropped(oneIn: 2 + seed % 7, using: &generator)
            .shuffled(within: seed % 5, keepingFirst: 3, using: &generator)
        let sink = follow(segments)
        let flow = try #require(sink.flows.first)
        #expect(sink.flows.count == 1)
        expectComplete(flow.client, sample.sent[.client] ?? [])
        expectComplete(flow.server, sample.sent[.server] ?? [])
    }

    @Test("of cut packets each byte is counted, at its place", arguments: 0..<100)
    func cut(seed: Int) throws {
        var generator = SeededGenerator(seed: 20_000 + seed)
        let sample = Sample(&generator)
        let segments = sample.conversation.segments.cut(to: seed)
            .shuffled(within: seed % 5, keepingFirst: 3, using: &generator)
        let flow = try #require(follow(segments).flows.first)
        expectComplete(flow.client, sample.sent[.client] ?? [])
        expectComplete(flow.server, sample.sent[.server] ?? [])
        #expect((flow.client.gaps + flow.server.gaps).allSatisfy { $0.reason == .cutShort })
    }

    @Test("small limits lose bytes, but never count wrong", arguments: 0..<100)
    func limited(seed: Int) throws {
        var generator = SeededGenerator(seed: 30_000 + seed)
        let sample = Sample(&generator)
        var limits = StreamLimits()
        limits.heldBytesPerDirection = seed * 20
        limits.patienceTime = Int64(seed % 4) * 1_000_000
        let segments = sample.conversation.segments
            .resegmented(using: &generator)
            .shuffled(within: 12, keepingFirst: 3, using: &generator)
        let flow = try #require(follow(segments, limits: limits).flows.first)
        expectComplete(flow.client, sample.sent[.client] ?? [])
        expectComplete(flow.server, sample.sent[.server] ?? [])
    }

    /// The captured bytes and the gaps together are what was sent.
    private func expectComplete(_ stream: RecordingSink.Stream, _ sent: [UInt8]) {
        #expect(stream.bytes.count + stream.missed == sent.count)
        var expected: [UInt8] = []
        var position = 0
        for gap in stream.gaps {
            let count = gap.offset - expected.count
            expected += sent[min(position, sent.count)..<min(position + count, sent.count)]
            position += count + gap.count
        }
        expected += sent[min(position, sent.count)...]
        #expect(stream.bytes == expected)
        #expect(stream.end == .finished)
    }
}
