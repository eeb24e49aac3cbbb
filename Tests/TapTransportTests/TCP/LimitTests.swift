import TapCore
import TapTestSupport
import TapTransport
import TapWebSocket
import Testing

@Suite("Limits")
struct LimitTests {
    private func limits(_ change: (inout StreamLimits) -> Void) -> StreamLimits {
        var limits = StreamLimits()
        change(&limits)
        return limits
    }

    private func flow(_ port: UInt16, _ text: String) -> [ScriptedSegment] {
        var conversation = Conversation(client: Endpoint("192.0.2.1", port))
        conversation.handshake()
        conversation.send(text, from: .client)
        return conversation.segments
    }

    @Test("a hole is given up where too much is held behind it")
    func heldPerDirection() throws {
        var conversation = Conversation.opened
        for index in 0..<20 { conversation.clientBytes(String(repeating: "x", count: 100), at: 50 + index * 100) }
        conversation.clientBytes(String(repeating: "y", count: 50), at: 0)
        let small = limits { $0.heldBytesPerDirection = 1_000 }
        let flow = try #require(follow(conversation.segments, limits: small).flows.first)
        #expect(flow.client.text == String(repeating: "x", count: 2_000))
        #expect(flow.client.gaps == [.init(50, .limit, at: 0)])
    }

    @Test("a hole is given up where too much is held in all flows together")
    func heldInAll() throws {
        let small = limits { $0.heldBytes = 1_000 }
        var segments: [ScriptedSegment] = []
        for port in UInt16(1)...20 {
            var conversation = Conversation(client: Endpoint("192.0.2.1", port))
            conversation.handshake()
            conversation.send("skipped", from: .client)
            conversation.segments.removeLast(2)
            conversation.send(String(repeating: "x", count: 100), from: .client)
            conversation.segments.removeLast()
            segments += conversation.segments
        }
        let sink = follow(segments, limits: small)
        let reasons = sink.flows.flatMap { $0.fromFirst.gaps + $0.fromSecond.gaps }.map(\.reason)
        #expect(reasons.filter { $0 == .end }.count == 4)
        #expect(reasons.filter { $0 == .limit }.count == 16)
    }

    @Test("a flood of single bytes out of order stays inside its memory", arguments: 0..<3)
    func flood(seed: Int) {
        let small = limits {
            $0.heldBytesPerDirection = 64 << 10
            $0.heldBytes = 100 << 10
        }
        var generator = SeededGenerator(seed: seed)
        var table = FlowTable(limits: small)
        var sink = RecordingSink()
        var highest = 0
        for number in 1...60_000 {
            var segment = Conversation.opened.segments[2]
            segment.source = Endpoint("192.0.2.1", UInt16.random(in: 1...4, using: &generator))
            let offset = seed == 0 ? 200_000 - number * 2 : Int.random(in: 1...200_000, using: &generator)
            segment.sequenceNumber = segment.sequenceNumber.advanced(by: number < 5 ? 0 : offset)
            segment.payload = [UInt8(truncatingIfNeeded: number)]
            segment.capturedLength = 1
            table.receive(segment.tcpSegment, segment.payload.span.bytes, in: .numbered(number), to: &sink)
            highest = max(highest, table.budget.used)
        }
        // One segment may be above the limit until the next line.
        #expect(highest <= small.heldBytes + 200)
        table.finish(in: .numbered(0), to: &sink)
        #expect(table.budget.used == 0)
        #expect(sink.breaches == [])
    }

    @Test("a flow that was silent too long is evicted, by the time of the packets")
    func idle() {
        let small = limits { $0.idleTime = 1_000 }
        let segments = flow(1, "one") + flow(2, "two") + flow(1, "late")
        let times: [Int64] = segments.indices.map { $0 < 5 ? 0 : $0 < 10 ? 1_000 : 2_000 }
        let sink = follow(segments, limits: small, times: times, isFinished: false)
        #expect(sink.flows.map { $0.stream(from: $0.key.first).text } == ["one", "two", "late"])
        #expect(sink.flows.map(\.end) == [.evicted, nil, nil])
    }

    @Test("time that runs backwards evicts nothing")
    func backwards() {
        let small = limits { $0.idleTime = 1_000 }
        let segments = flow(1, "one") + flow(2, "two")
        let times = segments.indices.map { -Int64($0) * 10_000 }
        let sink = follow(segments, limits: small, times: times, isFinished: false)
        #expect(sink.flows.map(\.end) == [nil, nil])
    }

    @Test("one flow more than allowed evicts the one that was silent longest")
    func count() {
        let small = limits { $0.flows = 2 }
        let segments = flow(1, "one") + flow(2, "two") + flow(1, "one").suffix(1) + flow(3, "three")
        let times = segments.indices.map { Int64($0) }
        let sink = follow(segments, limits: small, times: times, isFinished: false)
        #expect(sink.flows.map(\.key.first.port) == [1, 2, 3])
        #expect(sink.flows.map(\.end) == [nil, .evicted, nil])
    }

    @Test("flows that are over are forgotten before any that is open")
    func closedFirst() {
        let small = limits { $0.flows = 2 }
        var over = Conversation(client: Endpoint("192.0.2.1", 2))
        over.handshake()
        over.finish()
        let sink = follow(flow(1, "one") + over.segments + flow(3, "three"), limits: small, isFinished: false)
        #expect(sink.flows.map(\.end) == [nil, .finished, nil])
    }

    @Test("of flows that are over the latest are remembered, so that a late copy opens none of them again")
    func closedFlows() {
        let small = limits { $0.closedFlows = 2 }
        var segments: [ScriptedSegment] = []
        var ends: [ScriptedSegment] = []
        for port in UInt16(1)...4 {
            var over = Conversation(client: Endpoint("192.0.2.1", port))
            over.handshake()
            over.finish()
            segments += over.segments
            ends += over.segments.suffix(1)
        }
        let sink = follow(segments + ends, limits: small, isFinished: false)
        // The copies of the first two open a flow each, and so do not end those that are remembered.
        #expect(sink.flows.map(\.key.first.port) == [1, 2, 3, 4, 1, 2])
        #expect(sink.flows.map(\.end) == [.finished, .finished, .finished, .finished, nil, nil])
        #expect(sink.breaches == [])
    }

    @Test("thousands of flows come and go, and are all told apart")
    func manyFlows() {
        let small = limits { $0.flows = 1_000 }
        var generator = SeededGenerator(seed: 5)
        var sides: [[ScriptedSegment]] = (1...3_000).map { flow(UInt16($0), "flow \($0)") }
        var segments: [ScriptedSegment] = []
        // A window of flows is open at any time, and their segments are mixed.
        for start in stride(from: 0, to: sides.count, by: 500) {
            while let index = (start..<start + 500).filter({ !sides[$0].isEmpty }).randomElement(using: &generator) {
                segments.append(sides[index].removeFirst())
            }
        }
        let sink = follow(segments, limits: small)
        #expect(sink.flows.count == 3_000)
        #expect(
            sink.flows.allSatisfy { flow in
                flow.stream(from: flow.key.first).text == "flow \(flow.key.first.port)" && flow.fromFirst.missed == 0
            })
    }
}
