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
    public static func split(_ text: String, at separator: Unicode.Scalar) -> [String] {
        var parts: [String] = []
        var part = String.UnicodeScalarView()
        var isQuoted = false
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if scalar == separator, !isQuoted {
                parts.append(trimmed(String(part)))
                part.removeAll()
                continue
            }
            part.append(scalar)
            if isEscaped {
                isEscaped = false
            } else if isQuoted, scalar == "\\" {
                isEscaped = true
            } else if scalar == "\"" {
                isQuoted.toggle()
            }
        }
        parts.append(trimmed(String(part)))
        return parts.filter { !$0.isEmpty }
    }

    /// Without the spaces and tabs at both ends.
    public static func trimmed(_ text: String) -> String {
        let isContent = { (byte: UInt8) in byte != 0x20 && byte != 0x09 }
        guard let first = text.utf8.firstIndex(where: isContent), let last = text.utf8.lastIndex(where: isContent)
        else { return "" }
        return String(text[first..<text.utf8.index(after: last)])
    }

    static func lowered(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}
