import TapPackets
import TapStreams
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
        let sink = follow(conversation.segments, isFinished: false)
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
}
