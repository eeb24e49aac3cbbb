import TapCore

/// Puts a line of a summary together, word by word, in one piece of memory.
struct SummaryLine {
    private(set) var bytes: [UInt8] = []
    private var hasWords = false

    init() { bytes.reserveCapacity(SummaryLine.ordinaryLength) }

    private static let ordinaryLength = 200

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Adds a word if there is one.
    mutating func add(_ word: String?) {
        guard let word else { return }
        beginWord()
        append(word)
    }

    /// Adds the beginning of a text if there is one.
    mutating func add(excerptOf text: String?) {
        guard let text else { return }
        add(Excerpt.text(text))
    }

    /// Adds the beginning of a value as it is written, on one line.
    mutating func add(excerptOf value: JSONValue, upTo limit: Int = Excerpt.length) {
        beginWord()
        value.appendExcerpt(upTo: limit, to: &bytes)
    }

    /// Adds two words, of which the second is the beginning of a text.
    mutating func add(_ word: String, excerptOf text: ArraySlice<UInt8>, upTo limit: Int = Excerpt.length) {
        add(word)
        beginWord()
        Excerpt.append(text, upTo: limit, to: &bytes)
    }

    private mutating func beginWord() {
        if hasWords { bytes.append(UInt8(ascii: " ")) }
        hasWords = true
    }

    private mutating func append(_ text: String) {
        let content = text.utf8
        bytes.append(content.span.bytes)
    }
}
