/// The words of a name: what stands between `_`, `-`, `.`, `:`, spaces and the like, and where small letters meet capital ones.
///
/// `newPassword`, `x-api-key`, `user[token]` and `HTTPCookie` have two or three; `monkey` and `author` have one.
enum NameWords {
    /// Of a longer name only the end is looked at.
    static let longestName = 128

    /// The words in lower case, without digits at their ends; a word of digits alone is left out.
    static func words(of name: some BidirectionalCollection<UInt8>) -> [String] {
        let bytes = Array(name.suffix(longestName))
        var words: [String] = []
        var word: [UInt8] = []
        func end() {
            while let last = word.last, isDigit(last) { word.removeLast() }
            if !word.isEmpty {
                let text = String(decoding: word, as: UTF8.self)
                words.append(word.allSatisfy { $0 < 0x80 } ? text : text.lowercased())
            }
            word.removeAll(keepingCapacity: true)
        }
        for (index, byte) in bytes.enumerated() {
            guard isDigit(byte) || isLetter(byte) || byte >= 0x80 else {
                end()
                continue
            }
            if isCapital(byte), index > 0 {
                let isAfterSmall = !isCapital(bytes[index - 1])
                // The last capital of several begins the next word: `HTTP` and `Cookie`.
                let isBeforeSmall = index + 1 < bytes.count && isSmall(bytes[index + 1])
                if isAfterSmall || isBeforeSmall { end() }
            }
            word.append(isCapital(byte) ? byte | 0x20 : byte)
        }
        end()
        return words
    }

    /// Whether a byte may stand in a name without quotes. Brackets are in those of forms: `user[password]`.
    static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "["), UInt8(ascii: "]"),
            UInt8(ascii: "$"), 0x80...0xFF:
            true
        default: isLetter(byte) || isDigit(byte)
        }
    }

    /// Whether a word is longer than those of languages, and has digits among its letters.
    static func isRandom(_ word: some Collection<UInt8>) -> Bool {
        word.count >= 16 && word.contains(where: isDigit) && word.contains(where: isLetter)
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }

    static func isCapital(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5A }

    private static func isSmall(_ byte: UInt8) -> Bool { byte >= 0x61 && byte <= 0x7A }
}
