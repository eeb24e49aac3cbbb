import TapAnalysis
import TapPackets
import TapTestSupport
import TapWebSocket
import Testing

@Suite("HTTP before the upgrade")
struct HTTPBeforeTests {
    struct Exchange: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let request: String
        let response: String

        init(_ name: String, _ request: String, _ response: String) {
            testDescription = name
            self.request = request.replacing("\n", with: "\r\n")
            self.response = response.replacing("\n", with: "\r\n")
        }
    }

    private static let get = "GET / HTTP/1.1\nHost: a\n\n"

    static let exchanges = [
        Exchange("a body of a stated length", get, "HTTP/1.1 200 OK\nContent-Length: 5\n\nHTTP/"),
        Exchange(
            "chunks", get, "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n4\nHTTP\n3;a=b\n/1.\n0\nTrailer: a\n\n"),
        Exchange(
            "a HEAD, whose length is that of no body", "HEAD / HTTP/1.1\nHost: a\n\n",
            "HTTP/1.1 200 OK\nContent-Length: 500\n\n"),
        Exchange("a 204", get, "HTTP/1.1 204 No Content\n\n"),
        Exchange("a 304, whose length is that of no body", get, "HTTP/1.1 304 Not Modified\nContent-Length: 9\n\n"),
        Exchange(
            "a POST that is told to continue",
            "POST / HTTP/1.1\nHost: a\nExpect: 100-continue\nContent-Length: 4\n\nGET ",
            "HTTP/1.1 100 Continue\n\nHTTP/1.1 201 Created\nContent-Length: 0\n\n"),
        Exchange(
            "a POST in chunks",
            "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n5\nGET /\n0\n\n",
            "HTTP/1.1 200 OK\nContent-Length: 0\n\n"),
        Exchange("early hints", get, "HTTP/1.1 103 Early Hints\nLink: a\n\nHTTP/1.1 204 No Content\n\n"),
        Exchange("an empty line too many", get + "\n", "HTTP/1.1 200 OK\nContent-Length: 0\n\n\n"),
        Exchange("two requests at once", get + get, "HTTP/1.1 204 No Content\n\nHTTP/1.1 204 No Content\n\n"),
    ]

    private func conversation(_ exchanges: [Exchange], segmentSize: Int) -> Conversation {
        var conversation = Conversation.opened
        for exchange in exchanges {
            conversation.send(Array(exchange.request.utf8), from: .client, segmentSize: segmentSize)
            conversation.send(Array(exchange.response.utf8), from: .server, segmentSize: segmentSize)
        }
        conversation.send(HandshakeBytes().request.bytes, from: .client, segmentSize: segmentSize)
        conversation.send(HandshakeBytes().response.bytes, from: .server, segmentSize: segmentSize)
        conversation.send(text: "in", from: .client)
        return conversation
    }

    @Test("an upgrade is found after any exchange, whole or byte by byte", arguments: exchanges, [1, 7, 1_460])
    func after(_ exchange: Exchange, segmentSize: Int) {
        let observed = Observed(conversation([exchange], segmentSize: segmentSize))
        #expect(observed.verdicts == [.valid] && observed.texts == ["in"] && observed.ids == [])
    }

    @Test("an upgrade is found after all of them")
    func afterAll() {
        let observed = Observed(conversation(HTTPBeforeTests.exchanges, segmentSize: 100))
        #expect(observed.verdicts == [.valid] && observed.texts == ["in"] && observed.ids == [])
    }

    @Test("frames may come in the request's segment, and in the 101's")
    func pipelined() {
        var conversation = Conversation.opened
        let (early, greeting) = (FrameBytes(text: "early"), FrameBytes(text: "greeting"))
        conversation.send(HandshakeBytes().request.bytes + early.sent(by: .client).bytes, from: .client)
        conversation.send(HandshakeBytes().response.bytes + greeting.bytes, from: .server)
        let observed = Observed(conversation)
        #expect(observed.lines == ["1 client text 1 “early”", "2 server text 2 “greeting”"])
        #expect(observed.frames.map(\.packet.rawValue) == [4, 6] && observed.verdicts == [.valid])
    }

    @Test("the 101 may come before its request in the capture", arguments: [false, true])
    func swapped(hasFrames: Bool) {
        var conversation = Conversation.upgraded()
        let greeting = hasFrames ? FrameBytes(text: "greeting").bytes : []
        conversation.segments[5].payload += greeting
        conversation.segments[5].capturedLength += greeting.count
        conversation.segments.swapAt(3, 5)
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.valid] && observed.ids == [])
        #expect(observed.texts == (hasFrames ? ["greeting"] : []))
    }

    @Test("an upgrade to another protocol is no WebSocket", arguments: ["h2c", "tcp", "TLS/1.0"])
    func otherProtocol(name: String) {
        var conversation = Conversation.opened
        conversation.send(
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: \(name)\r\n\r\n", from: .client)
        conversation.send(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: \(name)\r\n\r\n", from: .server)
        for sender in Sender.allCases { conversation.send(text: "hello", from: sender) }
        let observed = Observed(conversation)
        #expect(observed.handshakes.isEmpty && observed.frames.isEmpty && observed.summary.connections == 0)
    }

    @Test("a WebSocket inside a proxy's tunnel is found")
    func proxy() {
        var conversation = Conversation.opened
        conversation.send("CONNECT a.example:80 HTTP/1.1\r\nHost: a.example:80\r\n\r\n", from: .client)
        conversation.send("HTTP/1.1 200 Connection established\r\n\r\n", from: .server)
        conversation.send(HandshakeBytes().request.bytes, from: .client)
        conversation.send(HandshakeBytes().response.bytes, from: .server)
        conversation.send(text: "inside", from: .server)
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.valid] && observed.texts == ["inside"])
    }

    @Test("a head longer than the limit ends the interest")
    func longHead() {
        var handshake = HandshakeBytes()
        handshake.request.add("Cookie", String(repeating: "a", count: 70_000))
        let observed = Observed(Conversation.upgraded(handshake))
        #expect(observed.handshakes.isEmpty && observed.frames.isEmpty)
    }
}
