/// How it became certain that bytes are missing from the capture.
public enum GapReason: String, Sendable {
    /// The peer acknowledged them, so they were delivered, but no packet holds them.
    case acknowledged
    /// The packet holds less than it says (the capture's snapshot length).
    case cutShort = "cut-short"
    /// The bytes held behind them reached a limit.
    case limit
    /// The stream ended.
    case end
    /// They are in records of TLS that were not opened. How many bytes these hold is known only about.
    case notDecrypted = "not-decrypted"
    /// They are missing of a connection of HTTP/2, and it is not known of which of its streams.
    case anyStream = "any-stream"

    /// Whether it is certain how many bytes are missing, no more and no less.
    package var isExact: Bool { self != .notDecrypted && self != .anyStream }
}
