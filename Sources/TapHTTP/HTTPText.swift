import TapCore

/// The few text rules that HTTP header fields need.
public enum HTTPText {
    /// Compares as HTTP does: ASCII letters in any case, all else byte by byte.
    public static func equalsIgnoringCase(_ left: String, _ right: String) -> Bool {
        let (left, right) = (left.utf8, right.utf8)
        return equalsIgnoringCase(left.span.bytes, right.span.bytes)
    }

    /// The same for bytes.
    static func equalsIgnoringCase(_ left: RawSpan, _ right: RawSpan) -> Bool {
        guard left.byteCount == right.byteCount else { return false }
        for place in 0..<left.byteCount where lowered(left.uint8(at: place)) != lowered(right.uint8(at: place)) {
            return false
        }
        return true
    }

    /// The same for bytes and a name or a token in lower case, eight bytes at once.
    package static func equalsIgnoringCase(_ bytes: RawSpan, _ lowercased: StaticString) -> Bool {
        let count = bytes.byteCount
        guard count == lowercased.utf8CodeUnitCount else { return false }
        let other = UnsafeRawPointer(lowercased.utf8Start)
        guard count >= 8 else {
            for place in 0..<count where lowered(bytes.uint8(at: place)) != lowercased.utf8Start[place] { return false }
            return true
        }
        var place = 0
        while place < count {
            // The last word may look at some bytes again.
            place = min(place, count - 8)
            let word = other.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            // Of what names and tokens are made of, only letters have the bit 0x40; their case is the bit below it.
            let caseBits = (word & 0x4040_4040_4040_4040) >> 1
            guard (bytes.word(at: place) ^ word) & ~caseBits == 0 else { return false }
            place += 8
        }
        return true
    }

    /// Whether bytes are a text.
    package static func isEqual(_ bytes: RawSpan, _ text: StaticString) -> Bool {
        guard bytes.byteCount == text.utf8CodeUnitCount else { return false }
        for place in 0..<bytes.byteCount where bytes.uint8(at: place) != text.utf8Start[place] { return false }
        return true
    }

    /// Splits at a separator outside quoted strings (RFC 9110 §5.6.4), trims each part and leaves out empty ones.
    /// - Parameter separator: an ASCII character.
    public static func split(_ text: String, at separator: Character) -> [String] {
        guard let separator = separator.asciiValue, text.utf8.contains(separator) else {
            let only = trimmed(text)
            return only.isEmpty ? [] : [only]
        }
        let utf8 = text.utf8
        let bytes = utf8.span.bytes
        return parts(of: bytes, at: separator).map { HTTPText.text(bytes, $0) }
    }

    /// Where the parts of some bytes lie, as ``split(_:at:)`` has them.
    static func parts(of bytes: RawSpan, at separator: UInt8) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = 0
        var isQuoted = false
        var isEscaped = false
        for place in 0...bytes.byteCount {
            let byte = place < bytes.byteCount ? bytes.uint8(at: place) : 0
            if place == bytes.byteCount || byte == separator && !isQuoted {
                let part = trimmed(bytes, start..<place)
                if !part.isEmpty { parts.append(part) }
                start = place + 1
            } else if isEscaped {
                isEscaped = false
            } else if isQuoted, byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            }
        }
        return parts
    }

    /// Without the spaces and tabs at both ends.
    public static func trimmed(_ text: String) -> String {
        guard let first = text.utf8.first, let last = text.utf8.last, isBlank(first) || isBlank(last) else {
            return text
        }
        let utf8 = text.utf8
        let bytes = utf8.span.bytes
        return HTTPText.text(bytes, trimmed(bytes, 0..<bytes.byteCount))
    }

    /// The same for a part of some bytes.
    static func trimmed(_ bytes: RawSpan, _ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, isBlank(bytes.uint8(at: start)) { start += 1 }
        while start < end, isBlank(bytes.uint8(at: end - 1)) { end -= 1 }
        return start..<end
    }

    /// Bytes that are not UTF-8 become U+FFFD.
    static func text(_ bytes: RawSpan, _ range: Range<Int>) -> String {
        String(decoding: bytes.extracting(range))
    }

    /// Space or tab.
    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    static func lowered(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}

extension HTTPText {
    /// Whether a text is a token: letters, digits and a few signs, at least one of them. RFC 9110 §5.6.2.
    public static func isToken(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(isTokenByte)
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
