import TapCore

/// Beginnings of texts and bytes for one line of a summary.
enum Excerpt {
    /// Bytes of a text that a summary shows.
    static let length = 96

    /// The beginning of a text, cut at a character; what is not UTF-8 becomes U+FFFD.
    static func text(_ bytes: some Collection<UInt8>, upTo limit: Int = length) -> String {
        guard bytes.count > limit else { return String(decoding: bytes, as: UTF8.self) }
        var output: [UInt8] = []
        append(Array(bytes.prefix(limit + 1))[...], upTo: limit, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// The same, as bytes that are appended to others.
    static func append(_ bytes: ArraySlice<UInt8>, upTo limit: Int, to output: inout [UInt8]) {
        guard bytes.count > limit else { return output.append(bytes.span.bytes) }
        // The first byte that is left out must begin a character.
        var end = bytes.startIndex + limit
        while end > bytes.startIndex, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        let beginning = bytes[..<end]
        output.append(beginning.span.bytes)
        output += "…".utf8
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
