import TapHTTP
import TapTestSupport
import TapWebSocket

extension HardCapture {
    private static func retry(_ name: String, _ answer: String, tsharkDiffers: String? = nil) -> HardCapture {
        http(
            name, before: [(.client, upgradeRequest), (.server, wire(answer))], attempts: 1,
            findings: [.handshakeRefused], tsharkDiffers: tsharkDiffers)
    }

    static let httpRetries: [HardCapture] = [
        retry("a 401, then another attempt", "HTTP/1.1 401 Who?\nWWW-Authenticate: Basic\nContent-Length: 3\n\nno!"),
        retry("a 426, then another attempt", "HTTP/1.1 426 Upgrade\nSec-WebSocket-Version: 13\nContent-Length: 0\n\n"),
        retry("a redirect, then another attempt", "HTTP/1.1 302 Found\nLocation: /b\nContent-Length: 0\n\n"),
        retry("a 503 in chunks, then another attempt", "HTTP/1.1 503 No\nTransfer-Encoding: chunked\n\n3\nabc\n0\n\n"),
        retry("a 204, then another attempt", "HTTP/1.1 204 No Content\n\n"),
        http(
            "two refusals, then another attempt",
            before: [
                (.client, upgradeRequest), (.server, refusal), (.client, upgradeRequest), (.server, refusal),
            ], attempts: 2, findings: [.handshakeRefused, .handshakeRefused]),
        http(
            "attempts that do not wait for the refusal of those before",
            before: [(.client, upgradeRequest + get + upgradeRequest), (.server, refusal + done + refusal)],
            attempts: 2, findings: [.handshakeRefused, .handshakeRefused]),
        http(
            "an upgrade to another protocol that is refused",
            before: [
                (.client, wire("GET / HTTP/1.1\nHost: a\nConnection: Upgrade\nUpgrade: h2c\n\n")), (.server, done),
            ]),
    ]

    private static let refusal = wire("HTTP/1.1 403 No\nContent-Length: 0\n\n")

    private static func bent(
        _ name: String, findings: [FindingID] = [], tsharkDiffers: String? = nil,
        _ bend: (inout HandshakeBytes) -> Void
    ) -> HardCapture {
        var handshake = HandshakeBytes()
        bend(&handshake)
        return http(name, handshake, findings: findings, tsharkDiffers: tsharkDiffers)
    }

    static let httpHeads: [HardCapture] = [
        bent("a 101 that states a length", findings: [.responseBodyFields]) {
            $0.response.add("Content-Length", "500")
        },
        bent("a 101 with the length 0", findings: [.responseBodyFields]) { $0.response.add("Content-Length", "0") },
        bent("a 101 that promises chunks", findings: [.responseBodyFields]) {
            $0.response.add("Transfer-Encoding", "chunked")
        },
        bent("a target in absolute form") {
            $0.request.startLine = "GET http://server.example.com/chat HTTP/1.1"
        },
        bent("a target in absolute form with the scheme ws", findings: [.requestTargetInvalid]) {
            $0.request.startLine = "GET ws://server.example.com/chat HTTP/1.1"
        },
        bent("a request that states the length 0") { $0.request.add("Content-Length", "0") },
        bent("a request of 20,000 bytes in one field") {
            $0.request.add("Cookie", String(repeating: "a", count: 20_000))
        },
        bent("a request of 60,000 bytes in many fields") { handshake in
            for number in 0..<2_000 { handshake.request.add("X-\(number)", "a value of text") }
        },
        bent("a request with a field of a megabyte", findings: [.captureLimitReached]) {
            $0.request.fields.insert(.init(name: "Cookie", value: String(repeating: "a", count: 1 << 20)), at: 1)
        },
        bent("a response with a field of a megabyte", findings: [.captureLimitReached]) {
            $0.response.fields.insert(.init(name: "Cookie", value: String(repeating: "a", count: 1 << 20)), at: 0)
        },
        bent("a request with 10,000 fields before those that matter", findings: [.captureLimitReached]) { handshake in
            let fillers = (0..<10_000).map { HandshakeBytes.field("X-\($0)", "a value of text") }
            handshake.request.fields.insert(contentsOf: fillers, at: 0)
        },
        bent("names and tokens in other cases") { handshake in
            handshake.request.set("Upgrade", to: nil)
            handshake.request.set("Connection", to: nil)
            handshake.request.add("UPGRADE", "WebSocket")
            handshake.request.add("cONNECTION", "keep-alive, uPGRADE")
        },
        bent("tokens over several lines and among others") { handshake in
            handshake.request.set("Connection", to: "keep-alive")
            handshake.request.add("Connection", "x , upgrade")
        },
        bent("no reason in the status line") { $0.response.startLine = "HTTP/1.1 101 " },
    ]
}

extension HandshakeBytes {
    fileprivate static func field(_ name: String, _ value: String) -> HTTPField { HTTPField(name: name, value: value) }
}
