import TapCore

/// The value that proves that a server has read the client's key. RFC 6455 §4.2.2.
public enum AcceptKey {
    private static let suffix = Array("258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8)

    /// The `Sec-WebSocket-Accept` that answers a `Sec-WebSocket-Key`.
    public static func expected(for key: String) -> String {
        let utf8 = key.utf8
        return Base64.string(hash(utf8.span.bytes).span.bytes)
    }

    /// Whether a value is the one that answers a key of ASCII, without making texts of them.
    package static func isRight(_ value: RawSpan, for key: RawSpan) -> Bool {
        // Any other would not be the same key as a text.
        guard UTF8Words.isASCII(key, key: 0) else { return false }
        return Base64.isEncoding(value, of: hash(key).span.bytes)
    }

    private static func hash(_ key: RawSpan) -> InlineArray<20, UInt8> {
        var hash = SHA1()
        hash.update(key)
        hash.update(suffix.span.bytes)
        return hash.finish()
    }
}
