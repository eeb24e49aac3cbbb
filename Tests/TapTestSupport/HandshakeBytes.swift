import TapCore
import TapHTTP
import TapWebSocket

/// Writes the two heads of an opening handshake; each can be bent by setting or removing fields. RFC 6455 §1.3.
package struct HandshakeBytes: Sendable {
    package struct Head: Sendable {
        package var startLine: String
        package var fields: [HTTPField]

        package init(_ startLine: String, _ fields: [HTTPField]) {
            self.startLine = startLine
            self.fields = fields
        }

        /// Replaces a field, or removes it where `value` is `nil`.
        package mutating func set(_ name: String, to value: String?) {
            fields.removeAll { HTTPText.equalsIgnoringCase($0.name, name) }
            if let value { add(name, value) }
        }

        package mutating func add(_ name: String, _ value: String) {
            fields.append(HTTPField(name: name, value: value))
        }

        package var text: String {
            ([startLine] + fields.map { "\($0.name): \($0.value)" }).joined(separator: "\r\n") + "\r\n\r\n"
        }

        package var bytes: [UInt8] { Array(text.utf8) }
    }

    /// The key of RFC 6455 §1.3.
    package static let sampleKey = "dGhlIHNhbXBsZSBub25jZQ=="

    /// A key of these bytes, of which there should be 16.
    package static func key(_ bytes: [UInt8]) -> String { Base64.string(bytes.span.bytes) }

    package var request: Head
    package var response: Head

    package init(
        target: String = "/chat", key: String = HandshakeBytes.sampleKey, protocols: String? = nil,
        chosenProtocol: String? = nil, extensions: String? = nil, chosenExtensions: String? = nil
    ) {
        let upgrade = [("Upgrade", "websocket"), ("Connection", "Upgrade")]
        request = Head("GET \(target) HTTP/1.1", [HTTPField(name: "Host", value: "server.example.com")])
        response = Head("HTTP/1.1 101 Switching Protocols", [])
        for (name, value) in upgrade {
            request.add(name, value)
            response.add(name, value)
        }
        request.add("Sec-WebSocket-Key", key)
        request.add("Sec-WebSocket-Version", "13")
        response.add("Sec-WebSocket-Accept", AcceptKey.expected(for: key))
        if let protocols { request.add("Sec-WebSocket-Protocol", protocols) }
        if let chosenProtocol { response.add("Sec-WebSocket-Protocol", chosenProtocol) }
        if let extensions { request.add("Sec-WebSocket-Extensions", extensions) }
        if let chosenExtensions { response.add("Sec-WebSocket-Extensions", chosenExtensions) }
    }
}
