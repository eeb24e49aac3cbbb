import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

/// What is concluded from silence needs a whole direction.
@Suite("Nothing is concluded from silence where bytes are missing")
struct SilenceTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let whole: Sides
        let isUnclean: Bool
        let cause: ConnectionClose.Cause
        let findings: Set<FindingID>
        let conversation: Conversation

        init(
            _ name: String, whole: Sides, isUnclean: Bool, _ cause: ConnectionClose.Cause, _ findings: Set<FindingID>,
            talk: (inout Conversation) -> Void
        ) {
            testDescription = name
            (self.whole, self.isUnclean, self.cause, self.findings) = (whole, isUnclean, cause, findings)
            var conversation = Conversation.upgraded()
            talk(&conversation)
            self.conversation = conversation
        }
    }

    /// Takes away the last segment with payload of a peer.
    private static func lose(_ sender: Sender, _ conversation: inout Conversation) {
        guard let last = conversation.segments.lastIndex(where: { $0.sender == sender && !$0.payload.isEmpty }) else {
            return
        }
        conversation.segments.remove(at: last)
    }

    static let rows = [
        Row("a close that was not answered", whole: .both, isUnclean: true, .fin, [.closeUnanswered]) {
            $0.send(FrameBytes(closing: 1000), from: .client)
            $0.finish(.server)
            $0.finish(.client)
        },
        Row("an answer that was lost", whole: .client, isUnclean: false, .fin, [.captureBytesMissing]) {
            $0.send(FrameBytes(closing: 1000), from: .client)
            $0.send(FrameBytes(closing: 1000), from: .server)
            $0.finish(.server)
            $0.finish(.client)
            lose(.server, &$0)
        },
        Row("an answer that was lost before a reset", whole: .client, isUnclean: false, .rst, [.captureBytesMissing]) {
            $0.send(FrameBytes(closing: 1000), from: .client)
            $0.send(FrameBytes(closing: 1000), from: .server)
            $0.reset(from: .client)
            lose(.server, &$0)
        },
        Row("no close, and a text that was lost", whole: .client, isUnclean: true, .fin, [.captureBytesMissing]) {
            $0.send(text: "hello", from: .client)
            $0.send(text: "lost", from: .server)
            $0.finish()
            lose(.server, &$0)
        },
        Row("texts lost on both sides", whole: [], isUnclean: false, .fin, [.captureBytesMissing]) {
            $0.send(text: "lost", from: .client)
            $0.send(text: "lost", from: .server)
            $0.finish()
            for sender in Sender.allCases { lose(sender, &$0) }
        },
        Row("the end of a fragmented message lost", whole: .client, isUnclean: true, .fin, [.captureBytesMissing]) {
            $0.send(FrameBytes(text: "begun").unfinished, from: .server)
            $0.send(FrameBytes(.continuation, [0x21]), from: .server)
            $0.finish()
            lose(.server, &$0)
        },
        Row("bytes lost inside a payload", whole: .both, isUnclean: true, .fin, [.captureBytesMissing, .closeMissing]) {
            $0.send(FrameBytes(.binary, [UInt8](repeating: 7, count: 300)), from: .server, segmentSize: 100)
            $0.finish()
            $0.segments.remove(at: Conversation.upgradedPackets + 1)
        },
    ]

    @Test("only of a whole direction is known what was not sent", arguments: rows)
    func known(row: Row) throws {
        let observed = Observed(row.conversation)
        let close = try #require(observed.connections.first).close
        #expect(close.whole == row.whole && close.isUnclean == row.isUnclean && close.endedBy == row.cause)
        #expect(Set(observed.ids) == row.findings)
    }

    @Test("of a side that was not captured nothing is said", arguments: Sender.allCases, [false, true])
    func oneSided(captured: Sender, hasPing: Bool) throws {
        var conversation = Conversation.upgraded()
        conversation.send(text: "a text of the client", from: .client)
        conversation.send(text: "a text of the server", from: .server)
        if hasPing { for sender in Sender.allCases { conversation.send(FrameBytes(.ping, [1]), from: sender) } }
        conversation.close(by: captured)
        conversation.segments.removeAll { $0.sender != captured }
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.unverifiable] && observed.ids == [.captureOneSided])
        let connection = try #require(observed.connections.first)
        #expect(connection.opened < connection.closed)
        let close = connection.close
        #expect(close.endedBy == .fin && close.initiator == nil && close.endedBySender == nil && close.idleTime == nil)
        #expect(!close.isClean && !close.isUnclean && close.whole == Sides(captured) && close.body != nil)
        let pings = captured == .client ? connection.clientPings : connection.serverPings
        #expect(!pings.areAnswersKnown && pings.sent == (hasPing ? 1 : 0))
    }

    @Test("a ping is unanswered where the other's direction is whole, and only there", arguments: [false, true])
    func pings(isLost: Bool) throws {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(.ping, [1]), from: .client)
        conversation.send(text: "something else", from: .server)
        if isLost { SilenceTests.lose(.server, &conversation) }
        conversation.close(by: .client)
        let pings = try #require(Observed(conversation).connections.first).clientPings
        #expect(pings.sent == 1 && pings.answered == 0 && pings.areAnswersKnown == !isLost)
    }

    @Test("both FINs behind a hole end the connection")
    func finsBehindHole() throws {
        var conversation = Conversation.upgraded()
        conversation.send(text: "lost", from: .server)
        conversation.close(by: .client)
        conversation.segments.remove(at: Conversation.upgradedPackets)
        let close = try #require(Observed(conversation).connections.first).close
        #expect(close.endedBy == .fin)
    }
}
