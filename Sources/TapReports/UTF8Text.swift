import TapCore
import TapWebSocket

/// What is UTF-8 and what is not. RFC 3629.
enum UTF8Text {
    /// The length of valid UTF-8, or `nil` where the bytes are anything else.
    /// - Parameter isCut: whether more bytes follow that are not here; then a character may be cut at the end, and is
    ///   not counted.
    static func validLength(of bytes: Span<UInt8>, isCut: Bool) -> Int? {
        guard !UTF8Words.isASCII(bytes.bytes, key: 0) else { return bytes.count }
        do throws(UTF8.ValidationError) {
            return try UTF8Span(validating: bytes).count
        } catch {
            let isOnlyCut = isCut && error.kind == .truncatedScalar && error.byteOffsets.upperBound == bytes.count
            return isOnlyCut ? error.byteOffsets.lowerBound : nil
        }
    }

    /// The same of bytes that somebody keeps.
    static func validLength(of bytes: ArraySlice<UInt8>, isCut: Bool) -> Int? {
        validLength(of: bytes.span, isCut: isCut)
    }

    /// Whether there are ASCII controls other than tabs and line ends.
    static func hasControls(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.contains { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D || $0 == 0x7F }
    }

    /// The character at `offset` and its length in bytes, or `nil` where there is no valid one.
    static func scalar(in text: RawSpan, at offset: Int) -> (scalar: Unicode.Scalar, length: Int)? {
        let lead = text.uint8(at: offset)
        let (length, smallest): (Int, UInt32) =
            switch lead {
            case 0..<0x80: (1, 0)
            case 0xC0..<0xE0: (2, 0x80)
            case 0xE0..<0xF0: (3, 0x800)
            case 0xF0..<0xF8: (4, 0x1_0000)
            default: (0, 0)
            }
        guard length > 0, offset + length <= text.byteCount else { return nil }
        var value = length == 1 ? UInt32(lead) : UInt32(lead) & (0x7F >> UInt32(length))
        for place in 1..<max(length, 1) {
            let byte = text.uint8(at: offset + place)
            guard byte & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        guard value >= smallest, let scalar = Unicode.Scalar(value) else { return nil }
        return (scalar, length)
    }
}
