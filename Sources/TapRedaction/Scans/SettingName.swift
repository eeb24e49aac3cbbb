/// A name before a sign.
struct SettingName {
    /// Without its quotes.
    let range: Range<Int>
    let isQuoted: Bool
    /// Whether nothing but space stands before it in its line.
    let beginsLine: Bool

    private static let mostSpace = 8

    init?(before sign: Int, in bytes: ArraySlice<UInt8>) {
        var end = sign
        if bytes[sign] == UInt8(ascii: "="), end > bytes.startIndex, bytes[end - 1] == UInt8(ascii: ":") { end -= 1 }
        while end > bytes.startIndex, sign - end < SettingName.mostSpace, SettingName.isSpace(bytes[end - 1]) {
            end -= 1
        }
        let hasBracket = end > bytes.startIndex && bytes[end - 1] == UInt8(ascii: "]")
        let last = hasBracket ? end - 1 : end
        guard last > bytes.startIndex else { return nil }
        let earliest = max(bytes.startIndex, last - NameWords.longestName)
        var start: Int
        if SettingName.isQuote(bytes[last - 1]) {
            let quote = bytes[last - 1]
            end = last - 1
            guard let open = bytes[earliest..<end].lastIndex(of: quote) else { return nil }
            while end > open, bytes[end - 1] == UInt8(ascii: "\\") { end -= 1 }
            start = open + 1
            isQuoted = true
        } else {
            start = end
            while start > earliest, NameWords.isOfName(bytes[start - 1]) { start -= 1 }
            isQuoted = false
        }
        guard start < end else { return nil }
        range = start..<end
        var before = start
        while before > bytes.startIndex, start - before < SettingName.mostSpace, SettingName.isSpace(bytes[before - 1])
        {
            before -= 1
        }
        beginsLine = before == bytes.startIndex || bytes[before - 1] < 0x20
    }

    /// The name with the word before it, as in `API key:`.
    func withWordBefore(in bytes: ArraySlice<UInt8>) -> Range<Int>? {
        guard !isQuoted, range.lowerBound > bytes.startIndex, bytes[range.lowerBound - 1] == 0x20 else { return nil }
        let before = bytes[..<(range.lowerBound - 1)].suffix(32).reversed().prefix { NameWords.isLetter($0) }.count
        return before > 0 ? range.lowerBound - 1 - before..<range.upperBound : nil
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    static func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`")
    }
}
