import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

/// Closing with a code that says that something failed.
@Suite("Codes of close frames")
struct CloseCodeTests {
    private static func closed(_ code: UInt16?, by sender: Sender = .server, answer: UInt16? = nil) -> Conversation {
        var conversation = Conversation.upgraded()
        conversation.send(text: "hello", from: .client)
        conversation.send(frame(code), from: sender)
        conversation.send(frame(answer ?? code), from: sender.peer)
        conversation.finish(.server)
        conversation.finish(.client)
        return conversation
    }

    private static func frame(_ code: UInt16?) -> FrameBytes {
        code.map { FrameBytes(closing: $0) } ?? FrameBytes(.close, [])
    }

    @Test(
        "what failed is a warning, and names who said so first",
        arguments: [1002, 1003, 1007, 1008, 1009, 1011, 1012, 1013, 1014] as [UInt16], Sender.allCases)
    func failed(code: UInt16, sender: Sender) throws {
        let observed = Observed(CloseCodeTests.closed(code, by: sender))
        let finding = try #require(observed.findings.first)
        #expect(observed.ids == [.closeAbnormal] && finding.sender == sender && finding.frame == 2)
        #expect(finding.violation.severity == .warning && observed.summary.severities == [.warning: 1])
        #expect(
            finding.violation.detail == "the \(sender.rawValue) closed with \(code) (\(CloseCode(rawValue: code).name))"
        )
        #expect(observed.frames.first { $0.number == 2 }?.packet == finding.packet)
    }

    @Test("a code of a library or an application is a note", arguments: [3000, 3008, 3999, 4000, 4999] as [UInt16])
    func application(code: UInt16) throws {
        let observed = Observed(CloseCodeTests.closed(code))
        let finding = try #require(observed.findings.first)
        #expect(observed.ids == [.closeAbnormal] && finding.sender == .server && finding.violation.severity == .note)
        #expect(observed.summary.severities == [.note: 1] && observed.summary.severity(of: .closeAbnormal) == .note)
    }

    @Test("an ordinary end is no finding", arguments: [1000, 1001, nil] as [UInt16?], Sender.allCases)
    func ordinary(code: UInt16?, sender: Sender) {
        #expect(Observed(CloseCodeTests.closed(code, by: sender)).ids == [])
    }

    @Test(
        "codes that must not be sent have a finding of their own",
        arguments: [1004, 1006, 1015, 2999, 5000] as [UInt16])
    func invalid(code: UInt16) {
        #expect(Set(Observed(CloseCodeTests.closed(code)).ids) == [.closeCodeInvalid])
    }

    @Test("who answers is not accused, whatever the answer says")
    func answer() {
        #expect(Observed(CloseCodeTests.closed(1000, by: .client, answer: 1011)).ids == [])
        let findings = Observed(CloseCodeTests.closed(1011, by: .client, answer: 1002)).findings
        #expect(findings.map(\.sender) == [.client] && findings.map(\.frame) == [2])
    }

    @Test("of two that close at once, the first counts", arguments: Sender.allCases)
    func crossing(first: Sender) {
        var conversation = Conversation.upgraded()
        for (sender, code) in [(first, 1011), (first.peer, 1002)] as [(Sender, UInt16)] {
            let frame = FrameBytes(closing: code).sent(by: sender)
            conversation.send(frame.bytes, from: sender, isAcknowledged: false)
        }
        conversation.finish()
        let findings = Observed(conversation).findings.filter { $0.violation.id == .closeAbnormal }
        #expect(findings.map(\.sender) == [first])
    }

    @Test("without an answer it is told beside that")
    func unanswered() {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(closing: 1011), from: .server)
        conversation.finish(.server)
        conversation.finish(.client)
        #expect(Observed(conversation).ids == [.closeAbnormal, .closeUnanswered])
    }

    @Test("a connection that goes on is told at the capture's end")
    func open() {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(closing: 1011), from: .server)
        let observed = Observed(conversation)
        #expect(observed.ids == [.closeAbnormal] && observed.connections.first?.close.outcome == .failed)
    }

    @Test("where the other may have closed first, nothing is said", arguments: Sender.allCases)
    func oneSided(captured: Sender) {
        var conversation = CloseCodeTests.closed(1011, by: captured.peer)
        conversation.segments.removeAll { $0.sender != captured }
        #expect(!Observed(conversation).ids.contains(.closeAbnormal))
    }

    @Test("nor where it may have done so in a hole")
    func hole() throws {
        var conversation = CloseCodeTests.closed(1011)
        let lost = try #require(conversation.segments.lastIndex { $0.sender == .client && !$0.payload.isEmpty })
        conversation.segments.remove(at: lost)
        #expect(!Observed(conversation).ids.contains(.closeAbnormal))
    }
}
