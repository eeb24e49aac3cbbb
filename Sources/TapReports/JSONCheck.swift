/// Tells JSON from other text. RFC 8259.
struct JSONCheck {
    private let text: ArraySlice<UInt8>
    private var place: Int

    /// Deeper ones are not looked at: whoever nests so deep means no good.
    private static let deepest = 512

    /// Whether a text is a JSON object or array from its first byte to its last.
    static func isStructure(_ text: ArraySlice<UInt8>) -> Bool {
        var check = JSONCheck(text: text, place: text.startIndex)
        check.skipBlanks()
        guard let first = check.next, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return false }
        guard check.readStructure() else { return false }
        check.skipBlanks()
        return check.next == nil
    }

    private var next: UInt8? { place < text.endIndex ? text[place] : nil }

    /// Reads up to the bracket that closes the first one, without recursion.
    private mutating func readStructure() -> Bool {
        var closers: [UInt8] = []
        while true {
            skipBlanks()
            guard let byte = next else { return false }
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard closers.count < JSONCheck.deepest else { return false }
                place += 1
                closers.append(byte + 2)
                skipBlanks()
                if next == byte + 2 { break }
                if byte == UInt8(ascii: "{"), !readName() { return false }
                continue
            case UInt8(ascii: "\""): guard readString() else { return false }
            default: guard readWord() else { return false }
            }
            // A value has ended, or an empty structure is about to.
            while true {
                skipBlanks()
                guard let closer = closers.last, let mark = next else { return false }
                place += 1
                if mark == closer {
                    closers.removeLast()
                    if closers.isEmpty { return true }
                    continue
                }
                guard mark == UInt8(ascii: ",") else { return false }
                skipBlanks()
                if closer == UInt8(ascii: "}"), !readName() { return false }
                break
            }
        }
    }

    private mutating func readName() -> Bool {
        guard next == UInt8(ascii: "\""), readString() else { return false }
        skipBlanks()
        guard next == UInt8(ascii: ":") else { return false }
        place += 1
        return true
    }

    private mutating func readString() -> Bool {
        place += 1
        while let byte = next {
            place += 1
            switch byte {
            case UInt8(ascii: "\""): return true
            case UInt8(ascii: "\\"): place += 1
            case 0..<0x20: return false
            default: break
            }
        }
        return false
    }

    /// A number, `true`, `false` or `null`; of numbers only the letters are looked at.
    private mutating func readWord() -> Bool {
        let start = place
        while let byte = next, JSONCheck.isOfWord(byte) { place += 1 }
        let word = text[start..<place]
        guard let first = word.first else { return false }
        if first == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) {
            return Double(String(decoding: word, as: UTF8.self)) != nil
        }
        return ["true", "false", "null"].contains { word.elementsEqual($0.utf8) }
    }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { place += 1 }
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "E"),
            UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
