import TapTestSupport
import TapWebSocket

/// How a connection comes to its first frames.
extension RandomDialogue {
    mutating func open(_ generator: inout SeededGenerator) {
        conversation.handshake()
        hasProxyHeader = generator.oneIn(6)
        var first = hasProxyHeader ? RandomDialogue.proxyHeader(&generator) : []
        while refusals < 2, generator.oneIn(6) {
            let attempt = HandshakeBytes(target: "/\(port)", key: HandshakeBytes.key(generator.bytes(16)))
            send(first + attempt.request.bytes, from: .client, &generator)
            send(RandomDialogue.refusal(&generator), from: .server, &generator)
            first = []
            refusals += 1
        }
        extensions = generator.oneIn(2) ? RandomDialogue.parameters.randomElement(using: &generator) : nil
        let handshake = HandshakeBytes(
            target: "/\(port)", key: HandshakeBytes.key(generator.bytes(16)),
            extensions: extensions.map { _ in "permessage-deflate; client_max_window_bits" },
            chosenExtensions: extensions.map { "permessage-deflate\($0)" })
        request(first + handshake.request.bytes, &generator)
        headEnds[.server] = (sent[.server] ?? 0) + handshake.response.bytes.count
        if let extensions { deflaters = RandomDialogue.deflaters(extensions) }
        var response = handshake.response.bytes
        if generator.oneIn(4) {
            // The server's first frames are in the segment of its 101.
            fill(.server, &generator)
            response = bytes(of: take(.server, &generator), from: .server, after: response)
        }
        send(response, from: .server, &generator, isAcknowledged: !generator.oneIn(4))
    }

    /// Sends the request, and perhaps frames before its answer.
    private mutating func request(_ head: [UInt8], _ generator: inout SeededGenerator) {
        headEnds[.client] = (sent[.client] ?? 0) + head.count
        guard generator.oneIn(8) else { return send(head, from: .client, &generator) }
        accuse(.client, .handshakeDataEarly)
        let early = [frame(.binary, generator.fastBytes(generator.length(upTo: 2_000)), from: .client, &generator)]
        let noted = early.map {
            Queued(frame: $0.frame, message: MessageFacts(kind: .binary, payload: $0.frame.payload))
        }
        if generator.oneIn(2) {
            send(bytes(of: noted, from: .client, after: head), from: .client, &generator)
        } else {
            send(head, from: .client, &generator, isAcknowledged: generator.oneIn(2))
            send(noted, from: .client, &generator)
        }
    }

    private static let parameters = [
        "", "; server_no_context_takeover", "; client_no_context_takeover",
        "; server_no_context_takeover; client_no_context_takeover", "; client_max_window_bits=9",
        "; server_max_window_bits=10; client_max_window_bits=11; client_no_context_takeover",
    ]

    private static func deflaters(_ parameters: String) -> [Sender: Deflater] {
        let windows: [Sender: Int] =
            parameters.contains("=11") ? [.server: 10, .client: 11] : parameters.contains("=9") ? [.client: 9] : [:]
        return Dictionary(
            uniqueKeysWithValues: Sender.allCases.map { sender in
                let takesOver = !parameters.contains("\(sender.rawValue)_no_context_takeover")
                return (sender, Deflater(windowBits: windows[sender] ?? 15, takesOver: takesOver))
            })
    }

    private static func proxyHeader(_ generator: inout SeededGenerator) -> [UInt8] {
        generator.oneIn(2)
            ? ProxyBytes.line("TCP4 203.0.113.7 192.0.2.1 56324 443")
            : ProxyBytes.block(family: 0x11, ProxyBytes.internet)
    }

    private static func refusal(_ generator: inout SeededGenerator) -> [UInt8] {
        let line = ["401 Unauthorized", "503 Service Unavailable", "400 Bad Request"]
        let body = String(repeating: "no ", count: generator.length(upTo: 100))
        let status = line.randomElement(using: &generator) ?? "400 Bad Request"
        return Array("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
    }
}
