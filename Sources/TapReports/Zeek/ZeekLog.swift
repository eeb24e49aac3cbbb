import TapAnalysis
import TapCore
import TapHTTP

/// One row of Zeek's `websocket.log`: a connection that has become WebSocket.
struct ZeekLog {
    static let fields = [
        ("ts", "time"), ("uid", "string"), ("id.orig_h", "addr"), ("id.orig_p", "port"), ("id.resp_h", "addr"),
        ("id.resp_p", "port"), ("host", "string"), ("uri", "string"), ("user_agent", "string"),
        ("subprotocol", "string"), ("client_protocols", "vector[string]"), ("server_extensions", "vector[string]"),
        ("client_extensions", "vector[string]"),
    ]

    /// Seconds since 1970 with six decimals.
    let time: String
    let uid: String
    let client: Endpoint
    let server: Endpoint
    let host: String?
    let target: String?
    let userAgent: String?
    let subprotocol: String?
    let clientProtocols: [String]
    let serverExtensions: [String]
    let clientExtensions: [String]

    /// Answers `nil` where no response says that this is WebSocket now: Zeek logs no other connections.
    init?(_ handshake: Handshake) {
        guard handshake.isAgreed || handshake.status == 101 else { return nil }
        let request = handshake.request?.fields ?? HTTPFields()
        time = TimeText.seconds((handshake.response?.time ?? handshake.time).nanoseconds)
        uid = "C" + ZeekLog.base62(ConnectionFacts(handshake).flow)
        client = handshake.client
        server = handshake.server
        host = handshake.request?.host
        userAgent = request["User-Agent"].first
        if case .request(_, let target, _) = handshake.request?.startLine {
            self.target = target
        } else {
            target = nil
        }
        subprotocol = handshake.response?.fields["Sec-WebSocket-Protocol"].first
        clientProtocols = request.list("Sec-WebSocket-Protocol")
        serverExtensions = handshake.extensions
        clientExtensions = request.list("Sec-WebSocket-Extensions")
    }

    private static func base62(_ number: UInt64) -> String {
        let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
        var text = ""
        var rest = number
        repeat {
            text.append(digits[Int(rest % 62)])
            rest /= 62
        } while rest > 0
        return text
    }
}
