import TapCore
import TapHTTP
import TapWebSocket

/// A request whose response has not been seen; the response's body depends on it.
struct PendingRequest {
    let method: String
    let client: Direction
    let attempt: UpgradeAttempt?
    /// Where its head was captured in part: what there is of it. It may ask for WebSocket though what is left of it does not.
    @Rare private(set) var cut: SwitchHead?
    /// Where it offers to go on in HTTP/2: what its `HTTP2-Settings` says. RFC 7540 §3.2.1.
    @Rare var http2Settings: [UInt8]?

    init(method: String, client: Direction, attempt: UpgradeAttempt?) {
        self.method = method
        self.client = client
        self.attempt = attempt
    }

    /// A request that was captured in part.
    init(_ part: HTTPHeadPart, from client: Direction, isEndKnown: Bool, attempt: UpgradeAttempt?) {
        if case .request(let method, _, _) = part.head?.startLine { self.method = method } else { method = "GET" }
        self.client = client
        self.attempt = attempt
        cut = SwitchHead(part, isEndKnown: isEndKnown)
    }

    /// Whether what follows the request may be no HTTP, or that of another connection. RFC 9110 §7.8 and §9.3.6.
    var mayLeaveHTTP: Bool { mayUpgrade || isTunnel || $http2Settings }

    /// Whether it asks for WebSocket, or may do so.
    var mayUpgrade: Bool { attempt != nil || $cut }

    /// Whether a proxy is asked for a tunnel.
    var isTunnel: Bool { method == "CONNECT" }

    /// What the capture shows of it, as one head of a switch.
    var seen: SwitchHead { cut ?? attempt.map { SwitchHead($0.request) } ?? .absent }
}
