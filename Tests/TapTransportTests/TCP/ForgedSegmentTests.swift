import TapCore
import TapTestSupport
import TapTransport
import TapWebSocket
import Testing

/// Segments that a receiver does not act on, or that nobody has acted on as what follows shows. RFC 9293 §3.10.7.4.
@Suite("Forged segments")
struct ForgedSegmentTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let reason: IgnoredSegment.Reason
        let flags: TCPFlags
        /// Where it lies, counted from the next byte of its sender.
        let ahead: Int
        /// How far beyond what its receiver has sent it acknowledges.
        var acknowledgedAhead = 0
        var payload = ""

        /// Puts it behind what its sender has said so far.
        func forge(_ sender: Sender, into conversation: inout Conversation) {
            var other = conversation
            other.segments = []
            other.add(sender, flags, Array(payload.utf8))
            other.segments[0].sequenceNumber = other.segments[0].sequenceNumber.advanced(by: ahead)
            let acknowledged = other.segments[0].acknowledgmentNumber
            other.segments[0].acknowledgmentNumber = acknowledged.advanced(by: acknowledgedAhead)
            conversation.segments += other.segments
        }
    }

    static let rows = [
        Row(testDescription: "a RST at the next byte", reason: .goneOn, flags: [.rst, .ack], ahead: 0),
        Row(testDescription: "a RST with bytes", reason: .goneOn, flags: [.rst, .ack], ahead: 0, payload: "bye"),
        Row(testDescription: "a RST a byte ahead", reason: .notNext, flags: .rst, ahead: 1),
        Row(testDescription: "a RST far ahead in the window", reason: .notNext, flags: .rst, ahead: 60_000),
        Row(testDescription: "a RST of old numbers", reason: .outsideWindow, flags: [.rst, .ack], ahead: -1),
        Row(testDescription: "a FIN at the next byte", reason: .goneOn, flags: [.fin, .ack], ahead: 0),
        Row(testDescription: "a FIN that is reached in the middle", reason: .goneOn, flags: [.fin, .ack], ahead: 9),
        Row(testDescription: "a FIN that is never reached", reason: .goneOn, flags: [.fin, .ack], ahead: 5_000),
        Row(testDescription: "a FIN of old numbers", reason: .outsideWindow, flags: [.fin, .ack], ahead: -3),
        Row(testDescription: "a SYN with another number", reason: .otherInitialNumber, flags: .syn, ahead: 77_777),
        Row(testDescription: "a SYN with the next number", reason: .otherInitialNumber, flags: .syn, ahead: 0),
        Row(
            testDescription: "a SYN-ACK with another number", reason: .otherInitialNumber, flags: [.syn, .ack],
            ahead: 99_999),
        Row(
            testDescription: "bytes without ACK", reason: .noAcknowledgment, flags: .psh, ahead: 0, payload: "forged"),
        Row(testDescription: "nothing at all without ACK", reason: .noAcknowledgment, flags: [], ahead: 0),
        Row(testDescription: "a FIN without ACK", reason: .noAcknowledgment, flags: .fin, ahead: 0),
        Row(
            testDescription: "bytes that acknowledge what was never sent", reason: .acknowledgesUnsent, flags: .ack,
            ahead: 0, acknowledgedAhead: 1_000_000_000, payload: "forged"),
        Row(
            testDescription: "bytes outside the window", reason: .outsideWindow, flags: .ack, ahead: 1 << 29,
            payload: "forged"),
    ]

    @Test("both peers go on behind it, and so does what is passed on", arguments: rows, Sender.allCases)
    func ignored(row: Row, sender: Sender) throws {
        var conversation = Conversation.opened
        conversation.send("before ", from: .client)
        conversation.send("ahead ", from: .server)
        row.forge(sender, into: &conversation)
        for index in 0..<5 { conversation.send("line \(index) ", from: sender) }
        for index in 0..<5 { conversation.send("note \(index) ", from: sender.peer) }
        conversation.finish()
        let sink = follow(conversation.segments, isFinished: false)
        let flow = try #require(sink.flows.first)
        let (lines, notes) = ((0..<5).map { "line \($0) " }.joined(), (0..<5).map { "note \($0) " }.joined())
        #expect(sink.flows.count == 1 && flow.end == .finished)
        #expect(flow.client.text == "before " + (sender == .client ? lines : notes))
        #expect(flow.server.text == "ahead " + (sender == .client ? notes : lines))
        #expect(flow.client.gaps == [] && flow.server.gaps == [])
        #expect(flow.client.isEndCaptured && flow.server.isEndCaptured)
        let found = sender == .client ? flow.client : flow.server
        #expect(found.ignored.map(\.reason) == [row.reason] && (flow.client.ignored + flow.server.ignored).count == 1)
    }

    @Test("a SYN that comes late may be the connection's own", arguments: 1...8)
    func lateStart(place: Int) throws {
        var conversation = Conversation.opened
        for index in 0..<8 { conversation.send("line \(index) ", from: .client) }
        conversation.finish()
        var segments = conversation.segments
        segments.insert(segments.removeFirst(), at: 2 * place)
        let sink = follow(segments)
        let flow = try #require(sink.flows.first)
        #expect(sink.flows.count == 1 && flow.client.text == (0..<8).map { "line \($0) " }.joined())
        #expect(flow.client.ignored == [] && flow.server.ignored == [])
    }

    @Test("a RST at the next byte is believed where nobody goes on", arguments: Sender.allCases)
    func believed(sender: Sender) throws {
        var conversation = Conversation.opened
        conversation.send("before", from: .client)
        conversation.reset(from: sender)
        conversation.send("too late", from: sender.peer)
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.client.text == "before" && flow.server.text == "")
        #expect(flow.end == .reset && flow.client.end == .reset && flow.server.end == .reset)
        #expect(flow.client.isEndCaptured == (sender == .client) && flow.server.isEndCaptured == (sender == .server))
        #expect(flow.client.ignored == [] && flow.server.ignored == [])
    }

    @Test("a RST behind lost bytes is believed where nothing more comes of its sender: the bytes are missing")
    func resetBehindLoss() throws {
        for isAcknowledged in [false, true] {
            var conversation = Conversation.opened
            conversation.send("before", from: .client)
            conversation.clientBytes("", at: 15, flags: isAcknowledged ? [.ack] : [.rst])
            if isAcknowledged { conversation.serverAcknowledges(upTo: 15) }
            if isAcknowledged { conversation.clientBytes("", at: 15, flags: [.rst]) }
            let flow = try #require(follow(conversation.segments).flows.first)
            #expect(flow.client.text == "before" && flow.end == .reset)
            #expect(flow.client.gaps == [.init(9, .end, at: 6)] && flow.client.isEndBehindHole)
        }
    }

    @Test("a FIN behind holes is believed where one of them is filled late")
    func finishBehindHoles() throws {
        var conversation = Conversation.opened
        conversation.clientBytes("ab", at: 0)
        conversation.clientBytes("ef", at: 4)
        conversation.clientBytes("", at: 8, flags: [.fin, .ack])
        conversation.clientBytes("cd", at: 2)
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.client.text == "abcdef" && flow.client.gaps == [.init(2, .end, at: 6)])
        #expect(flow.client.ignored == [])
    }

    @Test("bytes that come late behind a RST, but were sent before it, are passed on")
    func lateBehindReset() throws {
        var conversation = Conversation.opened
        conversation.clientBytes("ab", at: 0)
        conversation.clientBytes("", at: 6, flags: [.rst])
        conversation.clientBytes("ef", at: 4)
        conversation.clientBytes("cd", at: 2)
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.client.text == "abcdef" && flow.client.gaps == [] && flow.end == .reset)
    }

    @Test("a RST is believed after some time, and of too many the first", arguments: [1, 100])
    func doubt(flows: Int) {
        var segments: [ScriptedSegment] = []
        for port in UInt16(1)...3 {
            var conversation = Conversation(client: Endpoint("192.0.2.1", port))
            conversation.handshake()
            conversation.reset(from: .server)
            segments += conversation.segments
        }
        var limits = StreamLimits()
        limits.doubtedFlows = flows
        #expect(
            follow(segments, limits: limits, isFinished: false).flows.map(\.end)
                == (flows == 1 ? [.reset, .reset, nil] : [nil, nil, nil]))
        let times = segments.indices.map { $0 < segments.count - 1 ? Int64($0) : limits.doubtTime + 100 }
        #expect(
            follow(segments, limits: limits, times: times, isFinished: false).flows.map(\.end) == [.reset, .reset, nil])
    }

    @Test("a FIN whose acknowledgment is all that shows it is no missing byte", arguments: Sender.allCases)
    func lostFinish(sender: Sender) throws {
        var conversation = Conversation.opened
        conversation.send("bytes", from: sender)
        conversation.finish(sender)
        conversation.finish(sender.peer)
        let segments = conversation.segments.filter { $0.sender != sender || !$0.flags.contains(.fin) }
        let flow = try #require(follow(segments).flows.first)
        let stream = sender == .client ? flow.client : flow.server
        #expect(stream.text == "bytes" && stream.gaps == [] && flow.end == .finished)
        #expect(!stream.isEndCaptured && stream.isEndBehindHole)
    }

    @Test("both FINs behind a hole end the connection, once the hole is given up")
    func finishBehindHole() throws {
        var conversation = Conversation.opened
        conversation.send("request", from: .client)
        conversation.clientBytes("", at: 20, flags: [.fin, .ack])
        conversation.finish(.server)
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.end == .finished && flow.client.end == .finished && flow.server.end == .finished)
        #expect(flow.client.gaps == [.init(13, .end, at: 7)] && flow.client.isEndBehindHole)
        #expect(!flow.server.isEndBehindHole)
    }

    @Test("a new connection on the same ports needs no end of the one before", arguments: [0, 1, 2])
    func reopened(lost: Int) {
        var first = Conversation.opened
        first.send("one", from: .client)
        var second = Conversation(clientISN: 90_000, serverISN: 70_000)
        second.handshake()
        second.send("two", from: .client)
        second.finish()
        second.segments.removeSubrange(1..<1 + lost)
        let sink = follow(first.segments + second.segments)
        #expect(sink.flows.map(\.client.text) == ["one", "two"] && sink.flows.map(\.end) == [.evicted, .finished])
        #expect(sink.flows.allSatisfy { $0.client.ignored == [] && $0.server.ignored == [] })
    }

    @Test(
        "bytes of a peer of whom nothing was seen before a RST are passed on from where they begin",
        arguments: Sender.allCases)
    func lateBehindFirstReset(sender: Sender) throws {
        var conversation = Conversation.opened
        conversation.send("late", from: sender.peer)
        conversation.send("in time", from: sender)
        conversation.reset(from: sender)
        // The capture begins with what the sender of the RST said, and has the rest in another order.
        let segments = conversation.segments
        let late = try #require(segments.first { $0.payload == Array("late".utf8) })
        let own = try #require(segments.first { $0.payload == Array("in time".utf8) })
        let flow = try #require(follow([own, segments[segments.count - 1], late]).flows.first)
        let (mine, other) = sender == .client ? (flow.client, flow.server) : (flow.server, flow.client)
        #expect(mine.text == "in time" && other.text == "late" && other.gaps == [] && flow.end == .reset)
    }

    @Test("two SYNs of the same number, one of each side, are two: the later one may have been taken")
    func startsOfBothSides() throws {
        var first = Conversation.opened
        first.send("one", from: .client)
        var second = Conversation(clientISN: 90_000, serverISN: 70_000)
        second.handshake()
        second.send("two", from: .client)
        second.finish()
        // Only the client's SYN and what follows tell of the new connection.
        second.segments.remove(at: 1)
        var forged = Conversation(clientISN: 1, serverISN: 90_000)
        forged.add(.server, [.syn], isAcknowledging: false)
        let sink = follow(first.segments + forged.segments + second.segments)
        #expect(sink.flows.map(\.client.text) == ["one", "two"] && sink.flows.map(\.end) == [.evicted, .finished])
        #expect(sink.flows[0].server.ignored == [.init(.otherInitialNumber)] && sink.flows[0].client.ignored == [])
    }
}
