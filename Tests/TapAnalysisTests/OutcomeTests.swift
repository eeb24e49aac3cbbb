import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Outcomes of connections")
struct OutcomeTests {
    private static func outcome(_ change: (inout Conversation) -> Void) -> ConnectionClose.Outcome? {
        var conversation = Conversation.upgraded()
        conversation.send(text: "one", from: .client)
        change(&conversation)
        return Observed(conversation).connections.first?.close.outcome
    }

    @Test(
        "are those of the first close frame's code",
        arguments: [
            (1_000, ConnectionClose.Outcome.normal), (1_001, .normal), (1_002, .failed), (1_006, .failed),
            (1_011, .failed),
            (1_014, .failed), (2_999, .failed), (3_000, .application), (4_999, .application), (999, .failed),
            (5_000, .failed),
        ] as [(UInt16, ConnectionClose.Outcome)])
    func codes(code: UInt16, outcome: ConnectionClose.Outcome) {
        for first in Sender.allCases {
            #expect(
                Self.outcome {
                    $0.close(by: first, code)
                    $0.close(by: first.peer, 1_000)
                    $0.finish()
                } == outcome)
        }
        #expect(Self.outcome { $0.close(by: .server, code) } == outcome)
    }

    @Test("are normal where a close frame has no code")
    func noCode() {
        #expect(
            Self.outcome {
                $0.send(FrameBytes(.close), from: .client)
                $0.finish()
            } == .normal)
    }

    @Test("tell an end without a close frame from a connection that goes on")
    func withoutClose() {
        #expect(Self.outcome { $0.finish() } == .cut)
        #expect(Self.outcome { $0.reset(from: .server) } == .cut)
        #expect(Self.outcome { _ in } == .open)
    }

    @Test("are not stated where a close frame may be among missing bytes")
    func missing() {
        var conversation = Conversation.upgraded()
        let start = conversation.segments.count
        conversation.send(text: "lost", from: .server)
        conversation.acknowledge(from: .client)
        conversation.finish()
        var segments = conversation.segments
        segments.remove(at: start)
        #expect(Observed(segments).connections.map(\.close.outcome) == [nil])
    }
}
