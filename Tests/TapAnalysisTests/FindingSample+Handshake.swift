import TapTestSupport
import TapWebSocket

extension FindingSample {
    static let handshakes: [FindingSample] = [
        FindingSample(.requestMethod, .client, "the request is a POST") {
            $0.request.startLine = "POST /chat HTTP/1.1"
        },
        FindingSample(.requestTargetInvalid, .client, "the request asks for a ws URL") {
            $0.request.startLine = "GET ws://server.example.com/chat HTTP/1.1"
        },
        FindingSample(.requestHTTPVersion, .client, "the request is HTTP/1.0") {
            $0.request.startLine = "GET /chat HTTP/1.0"
        },
        FindingSample(.requestHostMissing, .client, "the request has no Host") { $0.request.set("Host", to: nil) },
        FindingSample(.requestUpgradeMissing, .client, "the request has no Upgrade") {
            $0.request.set("Upgrade", to: nil)
        },
        FindingSample(.requestConnectionUpgradeMissing, .client, "the request's Connection is keep-alive") {
            $0.request.set("Connection", to: "keep-alive")
        },
        FindingSample(.requestKeyMissing, .client, "the request has no key") {
            $0.request.set("Sec-WebSocket-Key", to: nil)
        },
        FindingSample(.requestKeyRepeated, .client, "the request has two keys") {
            $0.request.add("Sec-WebSocket-Key", HandshakeBytes.sampleKey)
        },
        FindingSample(.requestKeyInvalid, .client, "the key is the base64 of five bytes") {
            $0 = HandshakeBytes(key: "aGVsbG8=")
        },
        FindingSample(.requestVersionMissing, .client, "the request has no version") {
            $0.request.set("Sec-WebSocket-Version", to: nil)
        },
        FindingSample(.requestKeyNotCanonical, .client, "the key's unused bits are set") {
            $0 = HandshakeBytes(key: "dGhlIHNhbXBsZSBub25jZR==")
        },
        FindingSample(.requestVersionUnsupported, .client, "the version is 14") {
            $0.request.set("Sec-WebSocket-Version", to: "14")
        },
        FindingSample(.requestVersionDraft, .client, "the version is 8") {
            $0.request.set("Sec-WebSocket-Version", to: "8")
        },
        FindingSample(.requestProtocolRepeated, .client, "one protocol is offered twice") {
            $0 = HandshakeBytes(protocols: "chat, chat", chosenProtocol: "chat")
        },
        FindingSample(.requestProtocolMalformed, .client, "a protocol is two words") {
            $0 = HandshakeBytes(protocols: "chat room")
        },
        FindingSample(.requestExtensionsMalformed, .client, "an extension is two words") {
            $0 = HandshakeBytes(extensions: "per message")
        },
        FindingSample(.requestDeflateInvalid, .client, "a window of 7 bits is asked for") {
            $0 = HandshakeBytes(extensions: "permessage-deflate; server_max_window_bits=7")
        },
        FindingSample(.httpBareLineFeed, .client, "a line of the request ends in LF alone") {
            $0.request.add("User-Agent", "a\nAccept: b")
        },
        FindingSample(.httpFoldedLine, .server, "a field of the response is folded") {
            $0.response.add("Server", "a\r\n b")
        },
        FindingSample(.httpSpaceBeforeColon, .client, "a space stands before a colon") {
            $0.request.add("User-Agent ", "a")
        },
        FindingSample(.httpLineMalformed, .server, "a line of the response is no field") {
            $0.response.add("Server", "a\r\nb")
        },
        FindingSample(.responseAcceptMissing, .server, "the 101 has no accept value") {
            $0.response.set("Sec-WebSocket-Accept", to: nil)
        },
        FindingSample(.responseAcceptWrong, .server, "the accept value is the key's own") {
            $0.response.set("Sec-WebSocket-Accept", to: HandshakeBytes.sampleKey)
        },
        FindingSample(.responseAcceptRepeated, .server, "the right accept value is there twice") {
            $0.response.add("Sec-WebSocket-Accept", AcceptKey.expected(for: HandshakeBytes.sampleKey))
        },
        FindingSample(.responseUpgradeMissing, .server, "the 101 has no Upgrade") {
            $0.response.set("Upgrade", to: nil)
        },
        FindingSample(.responseUpgradeWrong, .server, "the 101 upgrades to two protocols") {
            $0.response.set("Upgrade", to: "h2c, websocket")
        },
        FindingSample(.responseHTTPVersion, .server, "the 101 is HTTP/1.0") {
            $0.response.startLine = "HTTP/1.0 101 Switching Protocols"
        },
        FindingSample(.responseBodyFields, .server, "the 101 has a length") {
            $0.response.add("Content-Length", "0")
        },
        FindingSample(.responseConnectionUpgradeMissing, .server, "the 101 has no Connection") {
            $0.response.set("Connection", to: nil)
        },
        FindingSample(.responseProtocolNotOffered, .server, "the server chose a protocol nobody offered") {
            $0 = HandshakeBytes(protocols: "chat", chosenProtocol: "mqtt")
        },
        FindingSample(.responseProtocolRepeated, .server, "the server chose two of the protocols") {
            $0 = HandshakeBytes(protocols: "chat, mqtt", chosenProtocol: "chat, mqtt")
        },
        FindingSample(.responseExtensionNotOffered, .server, "the server chose an extension nobody offered") {
            $0 = HandshakeBytes(chosenExtensions: "permessage-deflate")
        },
        FindingSample(.responseExtensionRepeated, .server, "the server chose an extension twice") {
            $0 = HandshakeBytes(extensions: "x-a", chosenExtensions: "x-a, x-a")
        },
        FindingSample(.responseExtensionsMalformed, .server, "the server's extension is two words") {
            $0 = HandshakeBytes(extensions: "x-a", chosenExtensions: "x-a; b c")
        },
        FindingSample(.responseDeflateInvalid, .server, "the server answers a parameter without its value") {
            $0 = HandshakeBytes(
                extensions: "permessage-deflate; client_max_window_bits",
                chosenExtensions: "permessage-deflate; client_max_window_bits")
        },
        FindingSample(.responseDeflateNotAllowed, .server, "the server answers a parameter that was not offered") {
            $0 = HandshakeBytes(
                extensions: "permessage-deflate", chosenExtensions: "permessage-deflate; client_max_window_bits=10")
        },
    ]
}
