import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Verdicts on handshakes")
struct VerdictTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let verdict: Verdict
        let bend: @Sendable (inout HandshakeBytes) -> Void

        init(_ name: String, _ verdict: Verdict, bend: @escaping @Sendable (inout HandshakeBytes) -> Void) {
            testDescription = name
            self.verdict = verdict
            self.bend = bend
        }
    }

    static let rows = [
        Row("the RFC's own", .valid) { _ in },
        Row("names in other cases", .valid) {
            $0.request.set("Upgrade", to: "WebSocket")
            $0.response.set("connection", to: "keep-alive, UPGRADE")
        },
        Row("a wrong accept value", .invalid) { $0.response.set("Sec-WebSocket-Accept", to: "AAAA") },
        Row("no accept value", .invalid) { $0.response.set("Sec-WebSocket-Accept", to: nil) },
        Row("no Upgrade in the request", .invalid) { $0.request.set("Upgrade", to: nil) },
        Row("no Upgrade in the response", .invalid) { $0.response.set("Upgrade", to: nil) },
        Row("no key", .invalid) { $0.request.set("Sec-WebSocket-Key", to: nil) },
        Row("another protocol than the one asked for", .invalid) { $0.response.set("Upgrade", to: "web-socket") },
    ]

    @Test("a 101 is valid where it keeps every MUST; either way its frames are decoded", arguments: rows)
    func switched(_ row: Row) throws {
        var handshake = HandshakeBytes()
        row.bend(&handshake)
        var conversation = Conversation.upgraded(handshake)
        for sender in Sender.allCases { conversation.send(text: sender.rawValue, from: sender) }
        let observed = Observed(conversation)
        #expect(observed.verdicts == [row.verdict])
        #expect(observed.lines == ["1 client text 1 “client”", "2 server text 2 “server”"])
        #expect(observed.connections.count == 1 && observed.summary.handshakes == [row.verdict: 1])
        let first = try #require(observed.handshakes.first)
        #expect(first.client == conversation.client && first.server == conversation.server)
        #expect(first.packet.rawValue == 4 && first.status == 101)
    }

    @Test("handshakes are judged and counted where nobody observes them", arguments: rows)
    func unobserved(_ row: Row) {
        var handshake = HandshakeBytes()
        row.bend(&handshake)
        var conversation = Conversation.upgraded(handshake)
        conversation.send(text: "hello", from: .client)
        var options = AnalysisOptions()
        options.observesConnections = false
        let (told, untold) = (Observed(conversation), Observed(conversation, options))
        #expect(untold.handshakes.isEmpty && untold.connections.isEmpty)
        #expect(untold.summary.handshakes == [row.verdict: 1] && untold.ids == told.ids && untold.lines == told.lines)
    }

    @Test("a client that is refused may try again on the same connection")
    func retry() {
        var conversation = Conversation.opened
        conversation.send(HandshakeBytes(target: "/first").request.bytes, from: .client)
        conversation.send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\n\r\nsoon", from: .server)
        let second = HandshakeBytes(target: "/second")
        conversation.send(second.request.bytes, from: .client)
        conversation.send(second.response.bytes, from: .server)
        conversation.send(text: "in", from: .server)
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.refused, .valid])
        #expect(observed.handshakes.map(\.connection) == [1, 2] && observed.handshakes.map(\.status) == [401, 101])
        #expect(observed.frames.map(\.connection) == [2] && observed.connections.map(\.number) == [2])
    }

    @Test("what follows a refused request in its segment was HTTP")
    func refusedPipeline() {
        var conversation = Conversation.opened
        let handshake = HandshakeBytes()
        conversation.send(handshake.request.bytes + handshake.request.bytes, from: .client)
        conversation.send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", from: .server)
        conversation.send(handshake.response.bytes, from: .server)
        #expect(Observed(conversation).verdicts == [.refused, .valid])
    }

    @Test("a request may stay without an answer", arguments: [false, true])
    func unanswered(isClosed: Bool) {
        var conversation = Conversation.opened
        conversation.send(HandshakeBytes().request.bytes, from: .client)
        if isClosed { conversation.finish() }
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.unanswered] && observed.connections.isEmpty)
    }

    @Test("one direction is enough to decode it, not to judge the handshake", arguments: Sender.allCases)
    func oneSided(sender: Sender) throws {
        var conversation = Conversation.upgraded()
        for text in ["one", "two"] {
            for sender in Sender.allCases { conversation.send(text: text, from: sender) }
        }
        let observed = Observed(conversation.segments.filter { $0.sender == sender })
        #expect(observed.verdicts == [.unverifiable] && observed.ids == [.captureOneSided])
        #expect(observed.texts == ["one", "two"] && observed.frames.allSatisfy { $0.sender == sender })
        let handshake = try #require(observed.handshakes.first)
        #expect(handshake.client == conversation.client)
        #expect((handshake.request == nil) == (sender == .server))
        #expect(observed.connections.count == 1)
    }

    @Test("of a request in a capture of one direction, what follows shows that it was answered")
    func longOneSided() {
        var conversation = Conversation.upgraded()
        for _ in 0..<100 { conversation.send(FrameBytes(.binary, [UInt8](repeating: 7, count: 1_000)), from: .client) }
        let observed = Observed(conversation.segments.filter { $0.sender == .client })
        #expect(observed.verdicts == [.unverifiable] && observed.frames.count == 100)
        #expect(observed.ids == [.captureOneSided])
    }

    @Test("a hole in a capture of one direction is stepped over", arguments: Sender.allCases)
    func oneSidedHole(sender: Sender) {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(.binary, [UInt8](repeating: 7, count: 300)), from: sender, segmentSize: 100)
        conversation.send(text: "after", from: sender)
        conversation.segments.remove(at: Conversation.upgradedPackets + 1)
        let observed = Observed(conversation.segments.filter { $0.sender == sender })
        #expect(observed.verdicts == [.unverifiable] && observed.ids == [.captureOneSided, .captureBytesMissing])
        #expect(observed.frames.map(\.isWhole) == [false, true] && observed.texts.last == "after")
    }

    @Test("where the client offered another protocol too and the server took it, WebSocket was refused")
    func otherChosen() {
        var handshake = HandshakeBytes()
        handshake.request.set("Upgrade", to: "h2c, websocket")
        handshake.response.set("Upgrade", to: "h2c")
        var conversation = Conversation.upgraded(handshake)
        conversation.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", from: .client)
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.refused] && observed.frames.isEmpty && observed.connections.isEmpty)
    }
}
