/// Beginnings of texts and bytes for one line of a summary.
enum Excerpt {
    /// Bytes of a text that a summary shows.
    static let length = 96

    /// The beginning of a text, cut at a character; what is not UTF-8 becomes U+FFFD.
    static func text(_ bytes: some Collection<UInt8>, upTo limit: Int = length) -> String {
        guard bytes.count > limit else { return String(decoding: bytes, as: UTF8.self) }
        var beginning = Array(bytes.prefix(limit + 1))
        // The first byte that is left out must begin a character.
        while let last = beginning.popLast(), last & 0xC0 == 0x80 {}
        return String(decoding: beginning, as: UTF8.self) + "…"
    }

    static func text(_ text: String, upTo limit: Int = length) -> String {
        text.utf8.count <= limit ? text : Excerpt.text(text.utf8, upTo: limit)
    }

    /// The words on one line, except those that are absent.
    static func line(_ words: [String?]) -> String { words.compactMap { $0 }.joined(separator: " ") }

    /// The beginnings of the words on one line, except those that are absent.
    static func line(excerptsOf words: [String?]) -> String { line(words.map { word in word.map { text($0) } }) }

    /// `42 B`.
    static func size(_ count: some BinaryInteger) -> String { "\(count) B" }
}
