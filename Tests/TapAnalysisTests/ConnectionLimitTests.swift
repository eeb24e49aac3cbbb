import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

@Suite("The limit of connections")
struct ConnectionLimitTests {
    private static func conversation(_ port: UInt16) -> [ScriptedSegment] {
        var conversation = Conversation.upgraded(from: port, HandshakeBytes())
        conversation.send(text: "hello", from: .client)
        conversation.close(by: .client)
        return conversation.segments
    }

    @Test("one connection too many is told, and not decoded")
    func tooMany() {
        var options = AnalysisOptions()
        options.connectionLimit = 2
        let all = (1...3).map { Self.conversation(50_000 + $0) }
        let together = (0..<all[0].count).flatMap { index in all.map { $0[index] } }
        let observed = Observed(together, options)
        #expect(observed.handshakes.count == 3)
        #expect(Set(observed.frames.map(\.connection)) == [1, 2])
        #expect(observed.connections.map(\.number).sorted() == [1, 2])
        let limits = observed.findings.filter { $0.violation.id == .captureLimitReached }
        #expect(limits.map(\.connection) == [3])
    }

    @Test("a connection that has ended makes room")
    func room() {
        var options = AnalysisOptions()
        options.connectionLimit = 1
        let observed = Observed((1...5).flatMap { Self.conversation(50_000 + $0) }, options)
        #expect(observed.connections.count == 5)
        #expect(!observed.ids.contains(.captureLimitReached))
    }
}
