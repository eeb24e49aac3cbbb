import Crypto
import TapBytes

/// The value that proves that a server has read the client's key. RFC 6455 §4.2.2.
public enum AcceptKey {
    private static let suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    /// The `Sec-WebSocket-Accept` that answers a `Sec-WebSocket-Key`.
    public static func expected(for key: String) -> String {
        Base64.string(Array(Insecure.SHA1.hash(data: Array((key + suffix).utf8))))
    }
}
