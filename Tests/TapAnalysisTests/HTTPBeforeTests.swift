import TapAnalysis
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
            let wire = { (text: String) in text.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n") }
            self.request = wire(request)
            self.response = wire(response)
        }
    }

    private static let get = "GET / HTTP/1.1\nHost: a\n\n"
    private static let continues = "HTTP/1.1 100 Continue\n\nHTTP/1.1 102 Processing\n\nHTTP/1.1 199 Other\nA: b\n\n"
    /// Heads of a handshake, to be put where they are none, and the lengths that they have on the wire.
    private static let fake = (
        request: "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\n\r\n",
        requestLength: "45", response: "HTTP/1.1 101 Sure\r\nUpgrade: websocket\r\n\r\n", responseLength: "29"
    )

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
        Exchange(
            "a body that is a handshake",
            "POST / HTTP/1.1\nContent-Length: \(fake.request.utf8.count)\n\n\(fake.request)",
            "HTTP/1.1 200 OK\nContent-Length: \(fake.response.utf8.count)\n\n\(fake.response)"),
        Exchange(
            "a handshake in chunks",
            "POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n\(fake.requestLength)\n\(fake.request)\n0\n\n",
            "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n\(fake.responseLength)\n\(fake.response)\n0\n\n"),
        Exchange("a request line that a proxy gets", "GET http://a/ HTTP/1.1\nHost: a\n\n", "HTTP/1.1 204 No\n\n"),
        Exchange("empty lines before a request", "\n\n" + get, "HTTP/1.1 204 No Content\n\n"),
        Exchange("all that may come before an answer", get, continues + continues + "HTTP/1.1 204 No Content\n\n"),
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
}
