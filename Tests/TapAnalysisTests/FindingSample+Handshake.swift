import TapTestSupport
import TapWebSocket

extension FindingSample {
    static let handshakes: [FindingSample] = [
        FindingSample(.requestMethod, .client, "the request is a POST") {
            $0.request.startLine = "POST /chat HTTP/1.1"
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
        FindingSample(.requestVersionUnsupported, .client, "the version is 8") {
            $0.request.set("Sec-WebSocket-Version", to: "8")
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
    ]
}
