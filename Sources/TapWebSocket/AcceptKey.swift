import Crypto
import TapBytes

/// The value that proves that a server has read the client's key. RFC 6455 §4.2.2.
public enum AcceptKey {
    private static let suffix: StaticString = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    /// The `Sec-WebSocket-Accept` that answers a `Sec-WebSocket-Key`.
    public static func expected(for key: String) -> String {
        let utf8 = key.utf8
        return hash(utf8.span.bytes).withUnsafeBytes { Base64.string(Array($0)) }
    }

    /// Whether a value is the one that answers a key of ASCII, without making texts of them.
    package static func isRight(_ value: RawSpan, for key: RawSpan) -> Bool {
        // Any other would not be the same key as a text.
        guard UTF8Words.isASCII(key, key: 0) else { return false }
        return hash(key).withUnsafeBytes { Base64.isEncoding(value, of: RawSpan(_unsafeBytes: $0)) }
    }

    private static func hash(_ key: RawSpan) -> Insecure.SHA1Digest {
        var hash = Insecure.SHA1()
        key.withUnsafeBytes { hash.update(bufferPointer: $0) }
        hash.update(bufferPointer: UnsafeRawBufferPointer(start: suffix.utf8Start, count: suffix.utf8CodeUnitCount))
        return hash.finalize()
    }
}
