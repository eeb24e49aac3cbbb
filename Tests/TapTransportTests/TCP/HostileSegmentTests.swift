import TapCore
import TapTestSupport
import TapTransport
import TapWebSocket
import Testing

@Suite("Hostile segments")
struct HostileSegmentTests {
    @Test("random segments never trap, never break the contract and leave nothing behind", arguments: 0..<60)
    func random(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        var limits = StreamLimits()
        limits.flows = 1 + seed % 4
        limits.heldBytesPerDirection = 2_000
        limits.heldBytes = 3_000
        limits.patienceTime = Int64(seed % 5) * 20
        limits.idleTime = 1_000
        limits.lingerTime = 100
        var table = FlowTable(limits: limits)
        var clock = SilenceClock(limits)
        var sink = RecordingSink()
        sink.interest = seed % 3 == 0 ? 2_000 : .max
        let span = [10, 2_000, 1 << 31, 1 << 32][seed % 4]
        var time: Int64 = 0
        for number in 1...3_000 {
            time += Int64(generator.length(upTo: 20)) - (generator.oneIn(50) ? 500 : 0)
            let payload = generator.bytes(generator.length(upTo: generator.oneIn(2) ? 0 : 100))
            let isHuge = generator.oneIn(100)
            let extra = isHuge ? Int(UInt32.max) : generator.oneIn(10) ? generator.length(upTo: 50) : 0
            let segment = TCPSegment(
                source: Endpoint("10.0.0.1", UInt16.random(in: 1...3, using: &generator)),
                destination: Endpoint("10.0.0.1", UInt16.random(in: 1...3, using: &generator)),
                sequenceNumber: SequenceNumber(0).advanced(by: Int.random(in: 0..<span, using: &generator)),
                acknowledgmentNumber: SequenceNumber(0).advanced(by: Int.random(in: 0..<span, using: &generator)),
                flags: flags(&generator), payload: 0..<payload.count, payloadLength: payload.count + extra)
            if clock.isDue(at: Timestamp(nanoseconds: time)) {
                table.closeSilent(in: .numbered(number, nanoseconds: time), to: &sink)
            }
            table.receive(segment, payload.span.bytes, in: .numbered(number, nanoseconds: time), to: &sink)
            // What goes beyond is held of one segment, in two pieces where it was cut.
            if table.budget.used > 3_000 + 2 * 256 { Issue.record("\(table.budget.used) bytes are held") }
        }
        table.finish(in: .numbered(9_999, nanoseconds: time), to: &sink)
        #expect(sink.breaches == [])
        #expect(table.budget.used == 0)
        #expect(sink.flows.count == table.total)
        #expect(sink.flows.allSatisfy { $0.end != nil })
    }

    /// Mostly plain segments; now and then any combination.
    private func flags(_ generator: inout SeededGenerator) -> TCPFlags {
        if generator.oneIn(10) { return TCPFlags(rawValue: generator.bytes(1)[0]) }
        if generator.oneIn(20) { return [.syn] }
        if generator.oneIn(20) { return [.fin, .ack] }
        return [.ack]
    }

    @Test(
        "a segment half the circle ahead is not believed, and never changes the order of the others",
        arguments: [1, 20, 1_000])
    func farAhead(length: Int) throws {
        var conversation = Conversation.opened
        conversation.clientBytes("ab", at: 0)
        conversation.clientBytes("ef", at: 4)
        conversation.clientBytes(String(repeating: "z", count: length), at: 0x7FFF_FFFF)
        conversation.clientBytes("j", at: 9)
        conversation.clientBytes("cd", at: 2)
        conversation.clientBytes("gh", at: 6)
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.client.text == "abcdefghj")
        #expect(flow.client.gaps == [.init(1, .end, at: 8)])
    }

    @Test("a segment just half the circle away lies behind, also where others are held")
    func halfTheCircle() throws {
        var conversation = Conversation.opened
        conversation.clientBytes("ab", at: 0)
        conversation.clientBytes("ef", at: 4)
        conversation.clientBytes("z", at: 0x8000_0002)
        conversation.clientBytes("cd", at: 2)
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.client.text == "abcdef")
        #expect(flow.client.gaps == [])
    }
}
