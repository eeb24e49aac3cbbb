import TapHTTP
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Request targets")
struct RequestTargetCheckTests {
    /// Those that the first line of the request has.
    private func ids(_ line: String) throws -> [FindingID] {
        var handshake = HandshakeBytes()
        handshake.request.startLine = line
        var stream = HTTPStream(isStartKnown: true, headLimit: 1 << 16)
        var offset = 0
        let event = stream.read(handshake.request.bytes.span.bytes, from: &offset, in: .numbered(1))
        guard case .head(let head) = event else { throw NoHead(line: line) }
        return HandshakeCheck.violations(inRequest: head).map(\.id)
    }

    struct NoHead: Error { let line: String }

    @Test(
        "a path, and an absolute http or https URI, are what a request may ask for",
        arguments: [
            "/", "/chat", "/chat?room=1", "/?a=b", "//chat", "/a//b", "/ws://host/", "/%23", "/chat?back=ws://host/",
            "/chat?u=http://a/", "http://server.example.com/chat", "https://server.example.com/chat",
            "HTTP://server.example.com/chat", "Https://[::1]:8080", "http://server.example.com",
            "http://server.example.com?room=1", "/with space", "/ä", "/*",
        ])
    func legal(target: String) throws { #expect(try ids("GET \(target) HTTP/1.1") == []) }

    @Test(
        "nothing else is",
        arguments: [
            "chat", "chat/room", "?room=1", "*", "./chat", "../chat", "server.example.com", "server.example.com:80",
            "ws://server.example.com/chat", "WSS://server.example.com/chat", "ftp://server.example.com/chat",
            "file:///chat", "httpx://server.example.com/", "http:/chat", "http:chat", "http://", "http:///chat",
            "https://?room=1", "/#", "/chat#room", "/chat?a#b", "http://server.example.com/chat#room", "#", "%2Fchat",
            #"\chat"#,
        ])
    func illegal(target: String) throws {
        #expect(try ids("GET \(target) HTTP/1.1") == [.requestTargetInvalid])
    }

    @Test("a target that is not there is none")
    func absent() throws { #expect(try ids("GET  HTTP/1.1") == [.requestTargetInvalid]) }

    @Test("the target of a CONNECT is an authority, and only the method is wrong")
    func connect() throws { #expect(try ids("CONNECT server.example.com:80 HTTP/1.1") == [.requestMethod]) }
}
