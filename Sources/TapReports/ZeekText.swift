import TapBytes

/// Text in a cell of Zeek's tab-separated logs: what means something there, and what would do harm in a terminal, is
/// written byte by byte as `\xNN`.
enum ZeekText {
    static let unset = "-"
    static let empty = "(empty)"

    static func cell(_ text: String?) -> String {
        guard let text else { return unset }
        if text.isEmpty { return empty }
        let escaped = escape(text, separatesSets: false)
        return escaped == unset || escaped == empty ? hex(escaped.prefix(1)) + escaped.dropFirst() : escaped
    }

    /// A list without elements is one that was not there.
    static func cell(_ texts: [String]) -> String {
        guard !texts.isEmpty else { return unset }
        return texts.map { $0 == unset ? hex($0[...]) : escape($0, separatesSets: true) }.joined(separator: ",")
    }

    private static func escape(_ text: String, separatesSets: Bool) -> String {
        var output = ""
        for character in text.unicodeScalars {
            let one = String(character)
            let mustGo = character == "\\" || separatesSets && character == ","
            if mustGo || TerminalText.escape(one) != one { output += hex(one[...]) } else { output += one }
        }
        return output
    }

    private static func hex(_ text: Substring) -> String {
        text.utf8.map { byte in "\\x" + Hex.string(CollectionOfOne(byte)) }.joined()
    }
}
