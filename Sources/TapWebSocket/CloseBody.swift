import TapCore

/// What a close frame says. RFC 6455 §5.5.1.
public struct CloseBody: Equatable, Sendable, Codable {
    /// Absent where the frame gives none.
    public let code: CloseCode?
    public let reason: String
    /// Where the reason is not UTF-8, `reason` has replacement characters.
    public let isReasonUTF8: Bool

    /// Reads an unmasked payload; a single byte is no code.
    package init(_ payload: [UInt8]) {
        self.init(payload[...])
    }

    package init(_ payload: ArraySlice<UInt8>) {
        guard let high = payload.first, let low = payload.dropFirst().first else {
            code = nil
            reason = ""
            isReasonUTF8 = true
            return
        }
        code = CloseCode(rawValue: UInt16(high) << 8 | UInt16(low))
        let text = payload.dropFirst(2)
        reason = text.isEmpty ? "" : String(decoding: text, as: UTF8.self)
        isReasonUTF8 = UTF8Check.fault(in: text.span.bytes, key: 0) == nil
    }
}
