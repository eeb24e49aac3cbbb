import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Handshakes with long heads")
struct LongHeadTests {
    private static let options: AnalysisOptions = {
        var options = AnalysisOptions()
        options.headLimit = 1_000
        return options
    }()

    private func expectLimit(_ observed: Observed, from sender: Sender) {
        #expect(observed.verdicts == [.valid] && observed.texts == ["in"] && observed.ids == [.captureLimitReached])
        let finding = observed.findings.first
        #expect(finding?.sender == sender && finding?.violation.evidence.map(\.name) == ["limit", "bytes"])
    }

    private func conversation(_ handshake: HandshakeBytes) -> Conversation {
        var conversation = Conversation.upgraded(handshake)
        conversation.send(text: "in", from: .client)
        return conversation
    }

    @Test("a megabyte in one field does not hide the handshake, and is said", arguments: Sender.allCases)
    func oneField(sender: Sender) {
        var handshake = HandshakeBytes()
        let value = String(repeating: "a", count: 1 << 20)
        if sender == .client { handshake.request.fields.insert(.init(name: "Cookie", value: value), at: 1) }
        if sender == .server { handshake.response.fields.insert(.init(name: "Cookie", value: value), at: 0) }
        expectLimit(Observed(conversation(handshake)), from: sender)
    }

    @Test("neither does one in many fields", arguments: Sender.allCases)
    func manyFields(sender: Sender) {
        var handshake = HandshakeBytes()
        for number in 0..<30_000 {
            let field = ("X-Field-\(number)", "a value of some length")
            if sender == .client { handshake.request.fields.insert(.init(name: field.0, value: field.1), at: 1) }
            if sender == .server { handshake.response.fields.insert(.init(name: field.0, value: field.1), at: 0) }
        }
        expectLimit(Observed(conversation(handshake)), from: sender)
    }

    @Test("where segments end makes no difference", arguments: [1, 2, 3, 7, 100])
    func segments(size: Int) {
        var handshake = HandshakeBytes()
        for _ in 0..<40 { handshake.request.fields.insert(.init(name: "X-Filler", value: "some text"), at: 1) }
        handshake.request.add("Cookie", String(repeating: "a", count: 2_000))
        var conversation = Conversation.opened
        conversation.send(handshake.request.bytes, from: .client, segmentSize: size)
        conversation.send(handshake.response.bytes, from: .server, segmentSize: size)
        conversation.send(text: "in", from: .client)
        expectLimit(Observed(conversation, Self.options), from: .client)
    }

    @Test("a long head that is no handshake is passed over")
    func other() {
        var conversation = Conversation.opened
        let cookie = String(repeating: "a", count: 5_000)
        conversation.send("GET / HTTP/1.1\r\nHost: a\r\nCookie: \(cookie)\r\n\r\n", from: .client)
        conversation.send("HTTP/1.1 200 OK\r\nCookie: \(cookie)\r\nContent-Length: 0\r\n\r\n", from: .server)
        conversation.send(HandshakeBytes().request.bytes, from: .client)
        conversation.send(HandshakeBytes().response.bytes, from: .server)
        conversation.send(text: "in", from: .client)
        let observed = Observed(conversation, Self.options)
        #expect(observed.verdicts == [.valid] && observed.texts == ["in"] && observed.ids == [])
        #expect(observed.summary.flowsGivenUp == 0)
    }

    @Test("a request line longer than the limit ends the interest, and is counted")
    func longTarget() {
        let handshake = HandshakeBytes(target: "/" + String(repeating: "a", count: 2_000))
        let observed = Observed(conversation(handshake), Self.options)
        #expect(observed.handshakes.isEmpty && observed.summary.flowsGivenUp == 1)
    }

    @Test("an upgrade whose head never ends is unanswered, and why is said")
    func endless() {
        var conversation = Conversation.opened
        conversation.send(HandshakeBytes().request.bytes.dropLast(2) + Array("X: ".utf8), from: .client)
        for _ in 0..<5 { conversation.send([UInt8](repeating: 0x61, count: 1_000), from: .client) }
        let observed = Observed(conversation, Self.options)
        #expect(observed.verdicts == [.unanswered] && observed.summary.flowsGivenUp == 0)
        #expect(observed.ids == [.captureLimitReached])
    }

    @Test("any other head that never ends is counted")
    func endlessOther() {
        for (sender, start) in [(Sender.client, "GET / HTTP/1.1\r\nX: "), (.server, "HTTP/1.1 200 OK\r\nX: ")] {
            var conversation = Conversation.opened
            conversation.send(start, from: sender)
            for _ in 0..<5 { conversation.send([UInt8](repeating: 0x61, count: 1_000), from: sender) }
            let observed = Observed(conversation, Self.options)
            #expect(observed.handshakes.isEmpty && observed.ids == [] && observed.summary.flowsGivenUp == 1)
        }
    }

    @Test("more requests than may wait end the interest, and are counted")
    func pipeline() {
        var options = AnalysisOptions()
        options.pipelineLimit = 10
        var conversation = Conversation.opened
        for _ in 0..<11 { conversation.send("GET / HTTP/1.1\r\n\r\n", from: .client) }
        #expect(Observed(conversation, options).summary.flowsGivenUp == 1)
        options.pipelineLimit = 11
        #expect(Observed(conversation, options).summary.flowsGivenUp == 0)
    }
}
