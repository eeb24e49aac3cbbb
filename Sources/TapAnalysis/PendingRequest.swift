import TapHTTP
import TapStreams

/// A request whose response has not been seen; the response's body depends on it.
struct PendingRequest {
    let method: String
    let client: Direction
    let attempt: UpgradeAttempt?

    /// Whether what follows the request may be no HTTP, or that of another connection. RFC 9110 §7.8 and §9.3.6.
    var mayLeaveHTTP: Bool { attempt != nil || isTunnel }

    /// Whether a proxy is asked for a tunnel.
    var isTunnel: Bool { method == "CONNECT" }
}
