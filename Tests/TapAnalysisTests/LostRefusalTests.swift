import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

/// Several upgrades on one connection, of which an answer was not captured.
@Suite("Handshakes after one whose answer is lost")
struct LostRefusalTests {
    private static let refusal = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"
    private static let keys = (0..<3).map { HandshakeBytes.key([UInt8](repeating: UInt8($0 + 65), count: 16)) }

    /// So many refused upgrades, and one that is accepted.
    private static func conversation(refusals: Int, extra: [UInt8] = []) -> Conversation {
        var conversation = Conversation.opened
        for index in 0..<refusals {
            conversation.send(HandshakeBytes(target: "/\(index)", key: keys[index]).request.bytes, from: .client)
            conversation.send(Array(refusal.utf8) + extra, from: .server)
        }
        let last = HandshakeBytes(target: "/last", key: keys[refusals])
        conversation.send(last.request.bytes, from: .client)
        conversation.send(last.response.bytes, from: .server)
        for sender in Sender.allCases { conversation.send(text: "in", from: sender) }
        conversation.close(by: .client)
        return conversation
    }

    private static func answers(_ segments: [ScriptedSegment]) -> [Int] {
        segments.indices.filter { segments[$0].sender == .server && !segments[$0].payload.isEmpty }
    }

    @Test("the accept value says which request a 101 answers", arguments: 1...2, 0...1)
    func accept(refusals: Int, lost: Int) throws {
        guard lost < refusals else { return }
        var segments = Self.conversation(refusals: refusals).segments
        let missing = segments.remove(at: Self.answers(segments)[lost]).payload.count
        let observed = Observed(segments)
        let outcomes = (0..<refusals).map { $0 == lost ? Verdict.unverifiable : .refused }
        #expect(observed.verdicts.filter { $0 == .valid }.count == 1 && observed.verdicts.last == .valid)
        // With two refusals and one of them lost, which of the requests the other answers only their order says.
        #expect(Set(observed.verdicts) == Set(outcomes + [.valid]) && observed.verdicts.count == refusals + 1)
        #expect(observed.texts.filter { $0 == "in" }.count == 2)
        #expect(observed.findings.allSatisfy { $0.violation.id.severity == .note })
        let connection = try #require(observed.connections.first)
        #expect(observed.connections.count == 1 && connection.number == refusals + 1)
        #expect(connection.fromServer.missingBytes == UInt64(missing))
    }

    @Test("where only the client was captured, each of its requests is one", arguments: 1...2)
    func clientOnly(refusals: Int) {
        let segments = Self.conversation(refusals: refusals).segments.filter { $0.sender == .client }
        let observed = Observed(segments)
        #expect(observed.verdicts == [Verdict](repeating: .unverifiable, count: refusals + 1))
        #expect(observed.texts.first == "in" && observed.frames.allSatisfy { $0.connection == refusals + 1 })
        #expect(Set(observed.ids) == [.captureOneSided])
    }

    @Test("without its accept value, a 101 behind a lost answer is that to the last request")
    func cutAccept() {
        var segments = Self.conversation(refusals: 1).segments
        let answers = Self.answers(segments)
        segments[answers[1]].capturedLength = 60
        segments.remove(at: answers[0])
        let observed = Observed(segments)
        #expect(observed.verdicts == [.unverifiable, .unverifiable])
        #expect(observed.texts.filter { $0 == "in" }.count == 2)
        #expect(observed.findings.allSatisfy { $0.violation.id.severity == .note })
    }

    @Test("the answer to the first may be lost in its middle")
    func bodyLost() {
        var conversation = Self.conversation(refusals: 1)
        let answer = Self.answers(conversation.segments)[0]
        conversation.segments[answer].capturedLength = 20
        let observed = Observed(conversation.segments)
        #expect(observed.verdicts == [.unverifiable, .valid] && observed.texts.filter { $0 == "in" }.count == 2)
        #expect(observed.findings.allSatisfy { $0.violation.id.severity == .note })
    }

    @Test("a 101 in several segments behind a cut answer is no part of it", arguments: [7, 20, 46, 100])
    func headInPieces(size: Int) {
        var conversation = Conversation.opened
        conversation.send(HandshakeBytes(target: "/0", key: Self.keys[0]).request.bytes, from: .client)
        conversation.send(Array(Self.refusal.utf8), from: .server, segmentSize: 9)
        let last = HandshakeBytes(target: "/last", key: Self.keys[1])
        conversation.send(last.request.bytes, from: .client)
        conversation.send(last.response.bytes, from: .server, segmentSize: size)
        for sender in Sender.allCases { conversation.send(text: "in", from: sender) }
        let answers = Self.answers(conversation.segments)
        for lost in [5, 2] { conversation.segments.remove(at: answers[lost]) }
        let observed = Observed(conversation.segments)
        // Where a segment begins with a whole status line, that begins a head.
        let isHeadFound = size >= 46
        #expect(observed.verdicts == (isHeadFound ? [.unverifiable, .valid] : [.refused, .unverifiable]))
        #expect(observed.texts.filter { $0 == "in" }.count == (isHeadFound ? 2 : 1))
        #expect(observed.findings.allSatisfy { $0.violation.id.severity == .note })
    }

    @Test("a wrong accept value is one where nothing is missing")
    func wrongAccept() {
        var conversation = Conversation.opened
        conversation.send(HandshakeBytes(key: Self.keys[0]).request.bytes, from: .client)
        conversation.send(HandshakeBytes(key: Self.keys[1]).response.bytes, from: .server)
        conversation.send(text: "in", from: .client)
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.invalid] && observed.ids == [.responseAcceptWrong])
    }
}
