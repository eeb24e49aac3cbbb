import TapHTTP

/// Why a server does not switch protocols, as far as its answer tells.
enum Refusal {
    static func violation(_ response: HTTPHead) -> Violation? {
        guard case .response(_, let status, let reason) = response.startLine else { return nil }
        let fields = response.fields
        var evidence = [Evidence("status", .number(UInt64(status)))]
        for (name, field) in told {
            if let value = fields[field].first { evidence.append(Evidence(name, .text(value))) }
        }
        let line = reason.isEmpty ? "\(status)" : "\(status) \(reason)"
        return Violation(
            .handshakeRefused, by: .server, "the server answered \(line): \(advice(status, fields))", evidence)
    }

    private static let told = [
        ("location", "Location"), ("versions", "Sec-WebSocket-Version"), ("authenticate", "WWW-Authenticate"),
        ("retry_after", "Retry-After"), ("server", "Server"),
    ]

    private static func advice(_ status: Int, _ fields: HTTPFields) -> String {
        switch status {
        case 200..<300: "what answers at this path does not speak WebSocket, or a proxy took the Upgrade field away"
        case 301, 302, 303, 307, 308:
            (fields["Location"].first.map { "it redirects to \($0), and " } ?? "it redirects, and ")
                + "WebSocket clients do not follow redirects unless told to"
        case 400: "it found the request malformed, or a proxy took fields away"
        case 401, 407: "the client must authenticate first, and in a browser it cannot add the field that it needs"
        case 403: "access was denied, often because of the Origin"
        case 404: "there is nothing at this path"
        case 405: "this path does not take the request's method"
        case 426:
            fields["Sec-WebSocket-Version"].isEmpty
                ? "the request did not reach the server as an upgrade, or in another version"
                : "it speaks version \(fields.list("Sec-WebSocket-Version").joined(separator: ", "))"
        case 429: "the client made too many requests"
        case 500: "the server failed"
        case 501: "the server does not know what it was asked for"
        case 502: "a proxy got no usable answer from the server behind it"
        case 503: "the server, or the one behind a proxy, is not there or overloaded"
        case 504: "the server behind a proxy did not answer in time"
        default: "the connection is no WebSocket"
        }
    }
}
