import TapCore
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Ports that are used again")
struct ReopeningTests {
    private func conversation(_ text: String, clientISN: UInt32, isFinished: Bool = true) -> [ScriptedSegment] {
        var conversation = Conversation(clientISN: clientISN, serverISN: clientISN &+ 77)
        conversation.handshake()
        conversation.send(text, from: .client)
        if isFinished { conversation.finish() }
        return conversation.segments
    }

    @Test("a new SYN opens a new connection", arguments: [false, true])
    func newConnection(isFinished: Bool) {
        let first = conversation("one", clientISN: 10, isFinished: isFinished)
        let sink = follow(first + conversation("two", clientISN: 9_999), isFinished: false)
        #expect(sink.flows.map(\.client.text) == ["one", "two"])
        #expect(sink.flows.map(\.end) == [isFinished ? .finished : .evicted, .finished])
    }

    @Test("a new connection may begin with the SYN of the server, where the client's is not captured")
    func synAckOnly() {
        let second = conversation("two", clientISN: 9_999).dropFirst()
        let sink = follow(conversation("one", clientISN: 10) + second)
        #expect(sink.flows.map(\.client.text) == ["one", "two"])
        #expect(sink.flows.map(\.isStartCaptured) == [true, true])
    }

    @Test("a SYN that is sent again opens nothing", arguments: [1, 2, 3, 4, 5])
    func synAgain(place: Int) {
        var segments = conversation("one", clientISN: 10)
        segments.insert(segments[0], at: place)
        let sink = follow(segments, isFinished: false)
        #expect(sink.flows.map(\.client.text) == ["one"])
        #expect(sink.flows.map(\.end) == [.finished])
    }

    @Test("a SYN of the server that is sent again opens nothing")
    func synAckAgain() {
        var segments = conversation("one", clientISN: 10)
        segments.insert(segments[1], at: 3)
        #expect(follow(segments).flows.map(\.client.text) == ["one"])
    }

    @Test("the SYN of the server may be captured before that of the client")
    func crossed() {
        var segments = conversation("one", clientISN: 10)
        segments.swapAt(0, 1)
        let sink = follow(segments, isFinished: false)
        #expect(sink.flows.map(\.client.text) == ["one"])
        #expect(sink.flows.map(\.end) == [.finished])
    }

    @Test("a SYN after a connection without one opens a new one")
    func afterMidstream() {
        let first = conversation("one", clientISN: 10, isFinished: false).dropFirst(3)
        let sink = follow(first + conversation("two", clientISN: 9_999))
        #expect(sink.flows.map(\.client.text) == ["one", "two"])
    }

    @Test("late segments of a connection that is over open nothing")
    func late() {
        let segments = conversation("one", clientISN: 10)
        let late = segments.dropFirst(2)
        let sink = follow(segments + late + late, isFinished: false)
        #expect(sink.flows.map(\.client.text) == ["one"])
    }

    @Test("late segments of a connection that was reset open nothing")
    func lateAfterReset() {
        var conversation = Conversation.opened
        conversation.send("one", from: .client)
        conversation.reset(from: .client)
        conversation.send("unread", from: .server)
        let sink = follow(conversation.segments)
        #expect(sink.flows.count == 1)
        #expect(sink.flows.first?.end == .reset)
    }

    @Test("a connection that goes on long after it seemed to be over is picked up again")
    func longAfter() {
        let segments = conversation("one", clientISN: 10)
        var later = Conversation(clientISN: 5_000, serverISN: 6_000)
        for text in ["a", "b", "c", "d"] { later.send(text, from: .client) }
        let second = 1_000_000_000 as Int64
        let times = segments.map { _ in 0 } + later.segments.indices.map { (Int64($0) + 1) * 50 * second }
        let sink = follow(segments + later.segments, times: times)
        #expect(sink.flows.map(\.client.text) == ["one", "bcd"])
        #expect(sink.flows.map(\.isStartCaptured) == [true, false])
    }

    @Test("a new connection may have the initial sequence numbers of one that is over")
    func sameNumbers() {
        let sink = follow(conversation("one", clientISN: 10) + conversation("two", clientISN: 10), isFinished: false)
        #expect(sink.flows.map(\.client.text) == ["one", "two"])
    }

    @Test("and of one whose end was not seen, if it was silent for a while", arguments: [0, 999, 1_000] as [Int64])
    func sameNumbersAfterSilence(milliseconds: Int64) {
        let first = conversation("one", clientISN: 10, isFinished: false)
        let second = conversation("two", clientISN: 10)
        let start = Int64(first.count) * 1_000_000
        let times =
            first.indices.map { Int64($0) * 1_000_000 }
            + second.indices.map { start + (milliseconds - 1) * 1_000_000 + Int64($0) * 1_000_000 }
        let sink = follow(first + second, times: times, isFinished: false)
        #expect(sink.flows.map(\.client.text) == (milliseconds >= 1_000 ? ["one", "two"] : ["one"]))
    }

    @Test(
        "late copies of the connection before belong to nobody", arguments: [50, 20_000, 5_000_000] as [UInt32], [1, 2])
    func formerConnection(firstISN: UInt32, place: Int) {
        let first = conversation("of the first one", clientISN: firstISN)
        var segments = conversation("two", clientISN: 9_000)
        for (index, late) in first.enumerated() { segments.insert(late, at: min(4 + index * place, segments.count)) }
        let sink = follow(first + segments, isFinished: false)
        #expect(sink.flows.count == 2)
        #expect(sink.flows.map(\.client.text) == ["of the first one", "two"])
        #expect(sink.flows.allSatisfy { $0.client.missed == 0 && $0.server.missed == 0 && $0.client.anomalies == [] })
        #expect(sink.flows.map(\.end) == [.finished, .finished])
    }

    @Test("late copies of a SYN and of a part of what followed belong to nobody", arguments: 0..<9)
    func copiesOfParts(from offset: Int) throws {
        let segments = conversation("of a connection", clientISN: 10)
        var part = try #require(segments.first { !$0.payload.isEmpty })
        part.payload.removeFirst(offset)
        part.capturedLength = part.payload.count
        part.sequenceNumber = part.sequenceNumber.advanced(by: offset)
        let sink = follow(segments + [segments[0], part])
        #expect(sink.flows.map(\.client.text) == ["of a connection", ""])
        #expect(sink.flows.allSatisfy { $0.client.missed == 0 && $0.client.anomalies == [] })
    }

    @Test("a connection that was refused is tried again on the same ports", arguments: [10, 11] as [UInt32])
    func refused(secondISN: UInt32) {
        var first = Conversation(clientISN: 10, serverISN: 0)
        first.add(.client, [.syn], isAcknowledging: false)
        first.reset(from: .server)
        let sink = follow(first.segments + conversation("two", clientISN: secondISN), isFinished: false)
        #expect(sink.flows.map(\.client.text) == ["", "two"] && sink.flows.map(\.end) == [.reset, .finished])
    }

    @Test("both may open the connection at once")
    func simultaneous() {
        var conversation = Conversation()
        conversation.add(.client, [.syn], isAcknowledging: false)
        conversation.add(.server, [.syn], isAcknowledging: false)
        var again = Conversation()
        again.add(.server, [.syn, .ack])
        again.segments[0].acknowledgmentNumber = SequenceNumber(1_001)
        var other = Conversation()
        other.add(.client, [.syn, .ack])
        other.segments[0].acknowledgmentNumber = SequenceNumber(500_001)
        conversation.segments += other.segments + again.segments
        conversation.send("one", from: .client)
        conversation.send("two", from: .server)
        conversation.finish()
        let sink = follow(conversation.segments, isFinished: false)
        #expect(sink.flows.map(\.client.text) == ["one"] && sink.flows.map(\.server.text) == ["two"])
        #expect(sink.flows.map(\.end) == [.finished])
    }

    @Test("bytes in a SYN count once, whether the server took them or not", arguments: [false, true])
    func fastOpen(isAccepted: Bool) {
        var conversation = Conversation()
        conversation.add(.client, [.syn], Array("early".utf8), isAcknowledging: false)
        conversation.add(.server, [.syn, .ack])
        if !isAccepted { conversation.segments[1].acknowledgmentNumber = SequenceNumber(1_001) }
        if !isAccepted { conversation.clientBytes("early", at: 0) }
        conversation.send(" late", from: .client)
        let sink = follow(conversation.segments)
        #expect(sink.flows.map(\.client.text) == ["early late"] && sink.flows.first?.client.anomalies == [])
    }
}
