import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

/// Who ended a connection first: TCP's numbers tell it, not the place in the capture.
@Suite("Order of ends")
struct EndOrderTests {
    private static let upgraded = Conversation.upgradedPackets

    /// A text, and FINs of both without close frames: the client's first.
    private static let unclosed: Conversation = {
        var conversation = Conversation.upgraded()
        conversation.send(text: "the last words", from: .client)
        conversation.finish()
        return conversation
    }()

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// The places of the four segments that end the connection: FIN, answer, FIN, answer.
        let order: [Int]
    }

    @Test(
        "of two FINs, what the second acknowledges tells which was the first",
        arguments: [
            Row(testDescription: "as they were sent", order: [0, 1, 2, 3]),
            Row(testDescription: "the second before the first", order: [2, 0, 1, 3]),
            Row(testDescription: "the first last of all", order: [1, 2, 3, 0]),
            Row(testDescription: "all backwards", order: [3, 2, 1, 0]),
        ])
    func finishes(row: Row) throws {
        let segments = EndOrderTests.unclosed.segments
        let ends = segments.count - 4
        let observed = Observed(Array(segments[..<ends]) + row.order.map { segments[ends + $0] })
        let close = try #require(observed.connections.first).close
        #expect(close.endedBySender == .client && close.initiator == .client && close.endedBy == .fin)
        #expect(observed.ids == [.closeMissing] && observed.findings.first?.sender == .client)
    }

    @Test("a FIN that is not in the capture, but was acknowledged before the other, makes that nobody's fault")
    func lostFinish() throws {
        var segments = EndOrderTests.unclosed.segments
        segments.remove(at: segments.count - 4)
        let observed = Observed(segments)
        let close = try #require(observed.connections.first).close
        #expect(close.endedBySender == nil && close.initiator == nil && close.endedBy == .fin)
        #expect(observed.ids == [])
    }

    @Test(
        "behind a head that is lost, the first close frame is still the first", arguments: Sender.allCases,
        [3, 5])
    func lostHead(closer: Sender, head: Int) throws {
        var conversation = Conversation.upgraded()
        for sender in Sender.allCases {
            conversation.send(text: "a text of the \(sender.rawValue) that can be told", from: sender)
        }
        conversation.close(by: closer)
        conversation.segments.remove(at: head)
        let observed = Observed(conversation)
        let close = try #require(observed.connections.first).close
        #expect(close.initiator == closer && close.sign == .close && close.isClean)
        #expect(observed.texts.filter { $0.hasPrefix("a text") }.count == 2)
        #expect(observed.findings.allSatisfy { $0.violation.id.severity == .note })
    }

    @Test("a close frame whose end is lost has its place where it begins", arguments: Sender.allCases)
    func cutClose(closer: Sender) throws {
        var conversation = Conversation.upgraded()
        let start = conversation.segments.count
        conversation.send(FrameBytes(closing: 1000, "going home"), from: closer, segmentSize: 8)
        let last = conversation.segments.lastIndex { $0.sender == closer && !$0.payload.isEmpty } ?? start
        conversation.send(FrameBytes(closing: 1000), from: closer.peer)
        conversation.finish()
        conversation.segments.remove(at: last)
        let close = try #require(Observed(conversation).connections.first).close
        #expect(last > start && close.initiator == closer && close.sign == .close)
    }

    @Test("a RST that overtook what was sent before it ends the connection behind that", arguments: 1...3)
    func overtaken(texts: Int) throws {
        var conversation = Conversation.upgraded()
        for number in 1...3 { conversation.send(text: "text \(number)", from: .server) }
        conversation.reset(from: .server)
        var segments = conversation.segments
        let reset = segments.removeLast()
        segments.insert(reset, at: EndOrderTests.upgraded + 2 * (3 - texts))
        let observed = Observed(segments)
        #expect(observed.texts == ["text 1", "text 2", "text 3"])
        let connection = try #require(observed.connections.first)
        #expect(connection.close.endedBy == .rst && connection.close.endedBySender == .server)
        #expect(connection.fromServer.missingBytes == 0 && observed.ids == [.closeMissing])
    }

    @Test("what is cut of one segment may be in another that waits with it")
    func cutSegments() throws {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(.binary, [UInt8](0..<200)), from: .server)
        let whole = conversation.segments[EndOrderTests.upgraded]
        var cut = whole.piece(60..<140)
        cut.capturedLength = 40
        let opening = conversation.segments[..<EndOrderTests.upgraded]
        let observed = Observed(opening + [cut, whole.piece(90..<whole.payload.count), whole.piece(0..<60)])
        #expect(observed.payloads == [[UInt8](0..<200)] && observed.frames.first?.isWhole == true)
        #expect(observed.connections.first?.fromServer.missingBytes == 0 && observed.ids == [])
    }

    @Test(
        "close frames that are captured behind a RST have the order in which they were sent",
        arguments: Sender.allCases)
    func closesBehindReset(closer: Sender) throws {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(closing: 1000), from: closer)
        conversation.send(FrameBytes(closing: 1000), from: closer.peer)
        conversation.reset(from: closer)
        var segments = conversation.segments
        let reset = segments.removeLast()
        let first = segments.remove(at: EndOrderTests.upgraded)
        segments.insert(reset, at: EndOrderTests.upgraded)
        let observed = Observed(segments + [first])
        let close = try #require(observed.connections.first).close
        #expect(close.initiator == closer && close.sign == .close && close.isClean && close.endedBy == .rst)
        #expect(observed.ids == [])
    }
}
