import TapCore

/// A text that somebody looks for in payloads, so that they are shown where it stands.
public struct TextSearch: Sendable {
    private let wanted: [UInt8]
    private let ignoresCase: Bool

    /// - Parameter ignoresCase: whether capital letters count as small ones; the text itself then has none.
    public init(_ text: String, ignoresCase: Bool) {
        wanted = Array(text.utf8)
        self.ignoresCase = ignoresCase
    }

    /// Where it stands first; `nil` where it does not.
    func firstMatch(in text: ArraySlice<UInt8>) -> Range<Int>? {
        guard !wanted.isEmpty else { return nil }
        for start in text.indices {
            if let end = endOfMatch(in: text[start...]) { return start..<end }
        }
        return nil
    }

    /// Where it ends in a text that begins with it.
    private func endOfMatch(in text: ArraySlice<UInt8>) -> Int? {
        guard ignoresCase else { return text.starts(with: wanted) ? text.startIndex + wanted.count : nil }
        var rest = wanted[...]
        var place = text.startIndex
        while let expected = rest.first {
            guard place < text.endIndex else { return nil }
            if text[place] < 0x80 {
                guard TextSearch.small(text[place]) == expected else { return nil }
                rest.removeFirst()
                place += 1
            } else {
                guard let (letter, length) = TextSearch.smallLetter(in: text[place...]), rest.starts(with: letter)
                else {
                    return nil
                }
                rest.removeFirst(letter.count)
                place += length
            }
        }
        return place
    }

    private static func small(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    /// The first character of a text as a small letter, and how many bytes it takes as it stands.
    private static func smallLetter(in text: ArraySlice<UInt8>) -> (letter: String.UTF8View, length: Int)? {
        let span = text.span
        guard let (scalar, length) = UTF8Text.scalar(in: span.bytes, at: 0) else { return nil }
        return (scalar.properties.lowercaseMapping.utf8, length)
    }
}
