import TapBytes

/// The few text rules that HTTP header fields need.
public enum HTTPText {
    /// Compares as HTTP does: ASCII letters in any case, all else byte by byte.
    public static func equalsIgnoringCase(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        let (left, right) = (left.utf8, right.utf8)
        let (one, other) = (left.span, right.span)
        for index in one.indices where lowered(one[index]) != lowered(other[index]) { return false }
        return true
    }

    /// Splits at a separator outside quoted strings (RFC 9110 §5.6.4), trims each part and leaves out empty ones.
    /// - Parameter separator: an ASCII character.
    public static func split(_ text: String, at separator: Character) -> [String] {
        guard let separator = separator.asciiValue, text.utf8.contains(separator) else {
            let only = trimmed(text)
            return only.isEmpty ? [] : [only]
        }
        let bytes = Array(text.utf8)
        var parts: [String] = []
        var start = 0
        var isQuoted = false
        var isEscaped = false
        for place in 0...bytes.count {
            if place == bytes.count || bytes[place] == separator && !isQuoted {
                let part = trimmed(bytes[start..<place])
                if !part.isEmpty { parts.append(String(decoding: part, as: UTF8.self)) }
                start = place + 1
            } else if isEscaped {
                isEscaped = false
            } else if isQuoted, bytes[place] == UInt8(ascii: "\\") {
                isEscaped = true
            } else if bytes[place] == UInt8(ascii: "\"") {
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
        return String(decoding: trimmed(Array(text.utf8)[...]), as: UTF8.self)
    }

    /// The same for bytes.
    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let first = bytes.first, isBlank(first) { bytes.removeFirst() }
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        return bytes
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
        bytes.extracting(range).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// Space or tab.
    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    static func lowered(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}
