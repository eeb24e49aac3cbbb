import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Handshakes that take several attempts on one connection")
struct RetryTests {
    private static let (request, response) = (HandshakeBytes().request.bytes, HandshakeBytes().response.bytes)

    static let refusals = [
        "401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 4\r\n\r\nHTTP",
        "407 Who\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nHTTP/1.1\r\n0\r\n\r\n",
        "426 Upgrade Required\r\nSec-WebSocket-Version: 13\r\nContent-Length: 0\r\n\r\n",
        "302 Found\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n", "204 No Content\r\n\r\n",
        "304 Not Modified\r\nContent-Length: 100\r\n\r\n",
    ]

    @Test("a client that asks again is answered again", arguments: refusals, [1, 11, 1_460])
    func again(refusal: String, segmentSize: Int) {
        var conversation = Conversation.opened
        for _ in 0..<2 {
            conversation.send(Self.request, from: .client, segmentSize: segmentSize)
            conversation.send(Array("HTTP/1.1 \(refusal)".utf8), from: .server, segmentSize: segmentSize)
        }
        conversation.send(Self.request, from: .client, segmentSize: segmentSize)
        conversation.send(Self.response, from: .server, segmentSize: segmentSize)
        conversation.send(text: "in", from: .client)
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.refused, .refused, .valid] && observed.texts == ["in"])
        #expect(observed.ids == [.handshakeRefused, .handshakeRefused])
    }

    @Test("a client may ask several times at once", arguments: [1, 100, 1_460])
    func pipelined(segmentSize: Int) {
        var conversation = Conversation.opened
        let plain = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        conversation.send(
            plain + Self.request + plain + Self.request + Self.request, from: .client, segmentSize: segmentSize)
        let answer = Array("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n".utf8)
        for _ in 0..<4 { conversation.send(answer, from: .server, segmentSize: segmentSize) }
        conversation.send(Self.response, from: .server, segmentSize: segmentSize)
        conversation.send(text: "in", from: .client)
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.refused, .refused, .valid] && observed.texts == ["in"])
    }

    @Test("an interim answer is not the answer", arguments: ["100 Continue", "102 Processing", "103 Early Hints"])
    func interim(status: String) {
        var conversation = Conversation.opened
        conversation.send(Self.request, from: .client)
        conversation.send("HTTP/1.1 \(status)\r\nLink: a\r\n\r\n", from: .server)
        conversation.send(Self.response, from: .server)
        conversation.send(text: "in", from: .client)
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.valid] && observed.texts == ["in"] && observed.ids == [])
    }

    static let framings = [
        "Content-Length: 0", "Content-Length: 500", "Transfer-Encoding: chunked", "Transfer-Encoding: identity",
    ]

    @Test("what a 101 says of a body is told, and does not matter: it has none", arguments: framings)
    func switching(field: String) {
        var handshake = HandshakeBytes()
        let parts = field.split(separator: ": ").map(String.init)
        handshake.response.add(parts[0], parts[1])
        var conversation = Conversation.opened
        conversation.send(handshake.request.bytes, from: .client)
        conversation.send(handshake.response.bytes + FrameBytes(text: "at once").bytes, from: .server)
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.valid] && observed.texts == ["at once"])
        #expect(observed.ids == [.responseBodyFields])
    }

    @Test("the request may have a body, and frames behind it", arguments: [1, 1_460])
    func body(segmentSize: Int) {
        for (field, body) in [("Content-Length", "GET / "), ("Transfer-Encoding", "6\r\nGET / \r\n0\r\n\r\n")] {
            var handshake = HandshakeBytes()
            handshake.request.add(field, field == "Content-Length" ? "6" : "chunked")
            var conversation = Conversation.opened
            let early = FrameBytes(text: "early").sent(by: .client).bytes
            conversation.send(
                handshake.request.bytes + Array(body.utf8) + early, from: .client, segmentSize: segmentSize)
            conversation.send(handshake.response.bytes, from: .server, segmentSize: segmentSize)
            let observed = Observed(conversation)
            #expect(observed.verdicts == [.valid] && observed.texts == ["early"])
            #expect(observed.ids == [.handshakeDataEarly])
        }
    }

    @Test("a refusal may come before its request in the capture, and another attempt follow", arguments: 1...2)
    func swapped(count: Int) {
        var conversation = Conversation.opened
        for index in 0..<2 {
            let start = conversation.segments.count
            conversation.send(Self.request, from: .client)
            conversation.send("HTTP/1.1 403 No\r\nContent-Length: 4\r\n\r\nHTTP", from: .server)
            if index < count { conversation.segments.swapAt(start, start + 2) }
        }
        conversation.send(Self.request, from: .client)
        conversation.send(Self.response, from: .server)
        conversation.send(text: "in", from: .client)
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.refused, .refused, .valid] && observed.texts == ["in"])
        #expect(observed.ids == [.handshakeRefused, .handshakeRefused])
    }

    @Test("a refusal whose request was not captured answers no later one")
    func lostRequest() {
        var conversation = Conversation.opened
        let start = conversation.segments.count
        conversation.send(Self.request, from: .client)
        conversation.send("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", from: .server)
        conversation.send(Self.request, from: .client)
        conversation.send(Self.response, from: .server)
        conversation.send(text: "in", from: .client)
        conversation.segments.remove(at: start)
        let observed = Observed(conversation)
        #expect(!observed.ids.contains(.responseAcceptWrong) && observed.texts == ["in"])
    }

    @Test("who sent a request cannot answer it")
    func ownAnswer() {
        var conversation = Conversation.opened
        conversation.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n?", from: .client)
        conversation.send(Self.request, from: .client)
        conversation.send(Self.response, from: .client)
        conversation.send(text: "in", from: .server)
        #expect(!Observed(conversation).verdicts.contains(.valid))
    }
}
