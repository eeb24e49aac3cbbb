import TapHTTP
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Handshakes")
struct HandshakeCheckTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let handshake: HandshakeBytes
        let ids: [FindingID]
        var testDescription: String { name }

        init(
            _ name: String, _ ids: [FindingID], _ handshake: HandshakeBytes = HandshakeBytes(),
            _ change: (inout HandshakeBytes) -> Void = { _ in }
        ) {
            self.name = name
            self.ids = ids
            var handshake = handshake
            change(&handshake)
            self.handshake = handshake
        }
    }

    static let clean = [
        Row("the plainest", []),
        Row("tokens in other cases", []) {
            $0.request.set("Upgrade", to: "WebSocket")
            $0.response.set("connection", to: "UPGRADE")
        },
        Row("Connection with several tokens on several lines", []) {
            $0.request.set("Connection", to: "keep-alive")
            $0.request.add("Connection", "Upgrade")
        },
        Row("Upgrade that offers other protocols too", []) { $0.request.set("Upgrade", to: "h2c, websocket") },
        Row("the server's Upgrade in other letters", []) { $0.response.set("upgrade", to: "WebSocket") },
        Row("a whole URL, as a proxy is asked", []) {
            $0.request.startLine = "GET http://server.example.com/chat HTTP/1.1"
        },
        Row("a subprotocol that was offered", [], HandshakeBytes(protocols: "chat, soap", chosenProtocol: "soap")),
        Row("a subprotocol that was offered in a second line", [], HandshakeBytes(protocols: "a", chosenProtocol: "b"))
        {
            $0.request.add("Sec-WebSocket-Protocol", "b")
        },
        Row("subprotocols offered, none chosen", [], HandshakeBytes(protocols: "chat")),
        Row(
            "an extension with other parameters", [],
            HandshakeBytes(
                extensions: "permessage-deflate; client_max_window_bits",
                chosenExtensions: "permessage-deflate; server_no_context_takeover")),
        Row("one extension of two", [], HandshakeBytes(extensions: "a; x=\"1\"; y, b", chosenExtensions: "b")),
    ]

    static let dirty = [
        Row("POST", [.requestMethod]) { $0.request.startLine = "POST /chat HTTP/1.1" },
        Row("a method in lower case", [.requestMethod]) { $0.request.startLine = "get /chat HTTP/1.1" },
        Row("a path without a slash", [.requestTargetInvalid]) { $0.request.startLine = "GET chat HTTP/1.1" },
        Row("HTTP/1.0", [.requestHTTPVersion]) { $0.request.startLine = "GET /chat HTTP/1.0" },
        Row("no Host", [.requestHostMissing]) { $0.request.set("Host", to: nil) },
        Row("no Upgrade", [.requestUpgradeMissing]) { $0.request.set("Upgrade", to: nil) },
        Row("another Upgrade", [.requestUpgradeMissing]) { $0.request.set("Upgrade", to: "websockets") },
        Row("no Connection", [.requestConnectionUpgradeMissing]) { $0.request.set("Connection", to: nil) },
        Row("another Connection", [.requestConnectionUpgradeMissing]) { $0.request.set("Connection", to: "close") },
        Row("no key", [.requestKeyMissing]) { $0.request.set("Sec-WebSocket-Key", to: nil) },
        Row("two keys", [.requestKeyRepeated]) { $0.request.add("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA==") },
        Row("a key that is no base64", [.requestKeyInvalid], HandshakeBytes(key: "secret!")),
        Row("a key of 15 bytes", [.requestKeyInvalid], HandshakeBytes(key: "AAAAAAAAAAAAAAAAAAAA")),
        Row("a key of 17 bytes", [.requestKeyInvalid], HandshakeBytes(key: "AAAAAAAAAAAAAAAAAAAAAAA=")),
        Row("an empty key", [.requestKeyInvalid], HandshakeBytes(key: "")),
        Row("no version", [.requestVersionMissing]) { $0.request.set("Sec-WebSocket-Version", to: nil) },
        Row(
            "a key whose unused bits are set", [.requestKeyNotCanonical],
            HandshakeBytes(key: "dGhlIHNhbXBsZSBub25jZR==")),
        Row("version 8", [.requestVersionDraft]) { $0.request.set("Sec-WebSocket-Version", to: "8") },
        Row("version 0 with the keys of hixie-76", [.requestVersionDraft]) {
            $0.request.set("Sec-WebSocket-Version", to: nil)
            $0.request.set("Sec-WebSocket-Key", to: nil)
            $0.request.add("Sec-WebSocket-Key1", "18x 6]8vM;54 *(5:  {   U1]8  z [  8")
            $0.request.add("Sec-WebSocket-Key2", "1_ tx7X d  <  nw  334J702) 7]o}` 0")
        },
        Row("version 9", [.requestVersionUnsupported]) { $0.request.set("Sec-WebSocket-Version", to: "9") },
        Row("version 013", [.requestVersionUnsupported]) { $0.request.set("Sec-WebSocket-Version", to: "013") },
        Row(
            "a subprotocol offered twice", [.requestProtocolRepeated],
            HandshakeBytes(protocols: "a, b, a", chosenProtocol: "a")),
        Row("a subprotocol with a slash", [.requestProtocolMalformed], HandshakeBytes(protocols: "a/b")),
        Row("no subprotocol at all", [.requestProtocolMalformed], HandshakeBytes(protocols: " ")),
        Row(
            "an extension whose value is a list", [.requestExtensionsMalformed],
            HandshakeBytes(extensions: "a; x=\"1, 2\", b", chosenExtensions: "b")),
        Row(
            "a parameter of permessage-deflate that there is not", [.requestDeflateInvalid],
            HandshakeBytes(extensions: "permessage-deflate; mem_level=9")),
        Row("versions 13 and 8", [.requestVersionUnsupported]) { $0.request.add("Sec-WebSocket-Version", "8") },
        Row("a 101 of HTTP/1.0", [.responseHTTPVersion]) { $0.response.startLine = "HTTP/1.0 101 Switching Protocols" },
        Row("an Upgrade that is a list", [.responseUpgradeWrong]) { $0.response.set("Upgrade", to: "websocket, h2c") },
        Row("an Upgrade with another protocol first", [.responseUpgradeWrong]) {
            $0.response.set("Upgrade", to: "h2c,WebSocket")
        },
        Row("an Upgrade with an empty element", [.responseUpgradeWrong]) {
            $0.response.set("Upgrade", to: "websocket,")
        },
        Row("two lines of Upgrade", [.responseUpgradeWrong]) { $0.response.add("Upgrade", "websocket") },
        Row("two lines of Upgrade for two protocols", [.responseUpgradeWrong]) { $0.response.add("upgrade", "h2c") },
        Row("another Upgrade in the response", [.responseUpgradeMissing]) { $0.response.set("Upgrade", to: "h2c") },
        Row("an Upgrade with a version", [.responseUpgradeMissing]) { $0.response.set("Upgrade", to: "websocket/13") },
        Row("a length of no bytes", [.responseBodyFields]) { $0.response.add("Content-Length", "0") },
        Row("a length of some bytes", [.responseBodyFields]) { $0.response.add("content-length", "17") },
        Row("a body in chunks", [.responseBodyFields]) { $0.response.add("Transfer-Encoding", "chunked") },
        Row("a length and chunks", [.responseBodyFields]) {
            $0.response.add("Content-Length", "5")
            $0.response.add("Transfer-Encoding", "gzip, chunked")
        },
        Row("no accept", [.responseAcceptMissing]) { $0.response.set("Sec-WebSocket-Accept", to: nil) },
        Row("a wrong accept", [.responseAcceptWrong]) {
            $0.response.set("Sec-WebSocket-Accept", to: "S3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        },
        Row("the right accept twice", [.responseAcceptRepeated]) {
            $0.response.add("Sec-WebSocket-Accept", AcceptKey.expected(for: HandshakeBytes.sampleKey))
        },
        Row("no Upgrade in the response", [.responseUpgradeMissing]) { $0.response.set("Upgrade", to: nil) },
        Row("no Connection in the response", [.responseConnectionUpgradeMissing]) {
            $0.response.set("Connection", to: "keep-alive")
        },
        Row("a subprotocol that nobody offered", [.responseProtocolNotOffered], HandshakeBytes(chosenProtocol: "chat")),
        Row(
            "a subprotocol in another case", [.responseProtocolNotOffered],
            HandshakeBytes(protocols: "chat", chosenProtocol: "Chat")),
        Row(
            "the whole list of subprotocols", [.responseProtocolRepeated],
            HandshakeBytes(protocols: "a, b", chosenProtocol: "a, b")),
        Row(
            "an extension that nobody offered", [.responseExtensionNotOffered],
            HandshakeBytes(chosenExtensions: "permessage-deflate")),
        Row(
            "an extension chosen twice", [.responseExtensionRepeated],
            HandshakeBytes(extensions: "a, b", chosenExtensions: "a, b, a")),
        Row(
            "an extension without a name", [.responseExtensionsMalformed],
            HandshakeBytes(extensions: "a", chosenExtensions: "; a")),
        Row(
            "a window of 16 bits", [.responseDeflateInvalid],
            HandshakeBytes(
                extensions: "permessage-deflate", chosenExtensions: "permessage-deflate; server_max_window_bits=16")),
        Row(
            "a parameter that was asked for and not confirmed", [.responseDeflateNotAllowed],
            HandshakeBytes(
                extensions: "permessage-deflate; server_no_context_takeover", chosenExtensions: "permessage-deflate")),
        Row(
            "several at once",
            [.requestHostMissing, .requestKeyMissing, .requestVersionMissing, .responseUpgradeMissing]
        ) {
            $0.request.fields.removeAll { !["Upgrade", "Connection"].contains($0.name) }
            $0.response.set("Upgrade", to: nil)
        },
    ]

    @Test(
        "what is right is not complained of, and what is wrong is, in the order of the heads", arguments: clean + dirty)
    func check(row: Row) throws {
        let (request, response) = try (head(row.handshake.request), head(row.handshake.response))
        let found =
            HandshakeCheck.violations(inRequest: request)
            + HandshakeCheck.violations(inResponse: response, to: request)
        #expect(found.map(\.id) == row.ids)
        #expect(found.allSatisfy { !$0.detail.isEmpty })
    }

    @Test("the table has a row for each finding about a handshake's heads")
    func complete() {
        let found = Set(Self.dirty.flatMap(\.ids))
        let expected = FindingID.allCases.filter {
            // One request alone cannot show that its key was used before.
            $0 != .requestKeyReused && ($0.rawValue.hasPrefix("request-") || $0.rawValue.hasPrefix("response-"))
        }
        #expect(found == Set(expected))
    }

    @Test("without the request only what the response shows by itself is judged")
    func responseOnly() throws {
        var handshake = HandshakeBytes(chosenProtocol: "chat", chosenExtensions: "x")
        handshake.response.set("Sec-WebSocket-Accept", to: "nonsense")
        let response = try head(handshake.response)
        #expect(HandshakeCheck.violations(inResponse: response, to: nil) == [])
        handshake.response.set("Upgrade", to: nil)
        let other = try head(handshake.response)
        #expect(HandshakeCheck.violations(inResponse: other, to: nil).map(\.id) == [.responseUpgradeMissing])
    }

    @Test("of several versions the wrong one is named")
    func wrongVersion() throws {
        var handshake = HandshakeBytes()
        handshake.request.add("Sec-WebSocket-Version", "8")
        let found = try HandshakeCheck.violations(inRequest: head(handshake.request))
        #expect(found.map(\.detail) == ["the version is 8"])
    }

    @Test(
        "an accept value is right by its bytes where it is the one that is expected as a text",
        arguments: [HandshakeBytes.sampleKey, "", "x", "AAAAAAAAAAAAAAAAAAAAAA==", "no base64 at all", "ké"])
    func accept(key: String) {
        let expected = AcceptKey.expected(for: key)
        let bytes = Array(key.utf8)
        for value in [expected, String(expected.dropLast()), expected + "=", expected.lowercased(), ""] {
            let isRight = AcceptKey.isRight(Array(value.utf8).span.bytes, for: bytes.span.bytes)
            // What is not ASCII is left to the texts.
            #expect(isRight == (value == expected && key.utf8.allSatisfy { $0 < 0x80 }), "\(value)")
        }
    }

    @Test("a wrong accept is shown with the key and what it should have been")
    func evidence() throws {
        var handshake = HandshakeBytes()
        handshake.response.set("Sec-WebSocket-Accept", to: "wrong")
        let found = try HandshakeCheck.violations(inResponse: head(handshake.response), to: head(handshake.request))
        #expect(
            found.first?.evidence == [
                Evidence("key", .text(HandshakeBytes.sampleKey)),
                Evidence("expected", .text("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")), Evidence("found", .text("wrong")),
            ])
    }

    @Test(
        "a request is an attempt where anything of WebSocket is in it",
        arguments: [
            ("Upgrade: websocket", true), ("Upgrade: h2c, WebSocket", true), ("Sec-WebSocket-Key: x", true),
            ("sec-websocket-version: 13", true), ("Upgrade: h2c", false), ("Connection: Upgrade", false),
            ("Accept: websocket", false),
        ])
    func attempt(field: String, isAttempt: Bool) throws {
        let parts = field.split(separator: ": ").map(String.init)
        let request = try head(.init("GET / HTTP/1.1", [HTTPField(name: parts[0], value: parts[1])]))
        #expect(HandshakeCheck.isAttempt(request) == isAttempt)
    }

    private func head(_ head: HandshakeBytes.Head) throws -> HTTPHead {
        var stream = HTTPStream(isStartKnown: true, headLimit: 1 << 16)
        let bytes = head.bytes
        var offset = 0
        let event = stream.read(bytes.span.bytes, from: &offset, in: .numbered(1))
        guard case .head(let parsed) = event else { throw NoHead(text: head.text) }
        return parsed
    }

    struct NoHead: Error { let text: String }
}
