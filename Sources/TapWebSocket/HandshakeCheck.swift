import TapCore
import TapHTTP

/// Checks an opening handshake against RFC 6455 §4. Pure functions from heads to violations, in the order of the heads.
public enum HandshakeCheck {
    /// Whether a request asks for WebSocket, however badly: it names the protocol, or has a field that only WebSocket has.
    public static func isAttempt(_ request: HTTPHead) -> Bool {
        let fields = request.fields
        return fields.has(.webSocketKey) || fields.has(.webSocketVersion) || fields.has(.webSocketKey1)
            || fields.list(.upgrade, contains: "websocket")
    }

    /// Whether a request is for a draft whose frames are others than those of RFC 6455.
    public static func hasOlderFrames(_ request: HTTPHead) -> Bool {
        let fields = request.fields
        return !fields.has(.webSocketVersion, only: "13") && Draft(fields)?.hasOlderFrames ?? false
    }

    /// What a client does wrong. RFC 6455 §4.1.
    /// - Parameter inStream: whether it is the extended CONNECT of a stream of HTTP/2, which has neither a key nor an upgrade.
    ///   RFC 8441 §5.
    public static func violations(inRequest request: HTTPHead, inStream: Bool = false) -> [Violation] {
        bounded(inStream ? RequestCheck.violations(inStream: request) : RequestCheck.violations(request))
    }

    /// What a server does wrong in a 101. RFC 6455 §4.2.2; without the request, only what the response shows by itself.
    /// - Parameter inStream: whether it is the 2xx of a stream of HTTP/2.
    public static func violations(
        inResponse response: HTTPHead, to request: HTTPHead?, inStream: Bool = false
    ) -> [Violation] {
        bounded(
            inStream
                ? ResponseCheck.violations(inStream: response, to: request)
                : ResponseCheck.violations(response, to: request))
    }

    /// Violations of one kind that are told of a head: a list may hold thousands of names, each of them wrong.
    private static let mostOfAKind = 16

    private static func bounded(_ violations: [Violation]) -> [Violation] {
        guard violations.count > mostOfAKind else { return violations }
        var counts: [FindingID: Int] = [:]
        return violations.filter { violation in
            counts[violation.id, default: 0] += 1
            return counts[violation.id, default: 0] <= mostOfAKind
        }
    }

    /// Why there is no switch: what a response other than a 101 tells, or that there is none though all that the server
    /// sent was captured.
    public static func violation(inRefusal response: HTTPHead?) -> Violation {
        response.flatMap(Refusal.violation)
            ?? Violation(.handshakeUnanswered, "no response to the request was captured")
    }

    /// What the server sent in place of an answer is none.
    package static let noHTTP = Violation(
        .handshakeUnanswered, by: .server, "what the server sent is not an HTTP response")

    /// A peer reset the stream before a response.
    package static func reset(by sender: Sender, _ code: String) -> Violation {
        Violation(
            .handshakeUnanswered, by: sender, "the \(sender.rawValue) reset the stream (\(code)) before a response",
            [Evidence("reset_code", .text(code))])
    }

    /// The server ended the connection within its response.
    package static func unfinished(_ gap: HTTPHeadGap, _ response: HTTPHead?) -> Violation {
        let captured = Decimal.counted(gap.captured, "byte")
        return Violation(
            .handshakeUnanswered, by: .server,
            "the server closed within its response, after \(captured)\(status(of: response))",
            [Evidence("captured", .number(gap.captured))])
    }

    /// The server sent something before its response.
    package static func early(_ count: Int) -> Violation {
        Violation(
            .responseDataEarly, by: .server,
            "the server sent \(Decimal.counted(UInt64(count), "byte")) before its response",
            [Evidence("bytes", .number(UInt64(count)))])
    }

    /// ` (101 Switching Protocols)`, or nothing.
    package static func status(of response: HTTPHead?) -> String {
        guard case .response(_, let status, let reason) = response?.startLine else { return "" }
        return reason.isEmpty ? " (\(status))" : " (\(status) \(reason))"
    }
}
