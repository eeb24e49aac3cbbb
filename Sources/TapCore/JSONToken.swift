/// A piece of JSON text (RFC 8259), found without judging whether the whole is valid.
///
/// Strings keep their quotes and escapes. Bytes that cannot begin anything are `other`, so that no input is lost.
package struct JSONToken: Equatable {
    package enum Kind: Equatable {
        case opening
        case closing
        case colon
        case comma
        case string
        case number
        /// `true`, `false` or `null`, or a word in their place.
        case word
        case space
        case other
    }

    package let kind: Kind
    /// Where it stands in the text.
    package let range: Range<Int>
}

extension JSONToken {
    /// The token at the beginning of a text; `nil` where that is empty. A string that does not end goes to the end.
    package init?(first text: ArraySlice<UInt8>) {
        guard let byte = text.first else { return nil }
        let start = text.startIndex
        let kind: Kind
        var end = start + 1
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["): kind = .opening
        case UInt8(ascii: "}"), UInt8(ascii: "]"): kind = .closing
        case UInt8(ascii: ":"): kind = .colon
        case UInt8(ascii: ","): kind = .comma
        case UInt8(ascii: "\""):
            kind = .string
            end = JSONToken.endOfString(in: text)
        case 0x20, 0x09, 0x0A, 0x0D:
            kind = .space
            end = text.firstIndex { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } ?? text.endIndex
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            kind = .number
            end = text.firstIndex { !JSONToken.isInNumber($0) } ?? text.endIndex
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            kind = .word
            end = text.firstIndex { !JSONToken.isLetter($0) } ?? text.endIndex
        default:
            kind = .other
        }
        self.init(kind: kind, range: start..<end)
    }

    /// The tokens of a text, one after the other; together they are the whole text.
    package static func all(in text: ArraySlice<UInt8>) -> some Sequence<JSONToken> {
        sequence(state: text) { rest -> JSONToken? in
            guard let token = JSONToken(first: rest) else { return nil }
            rest = rest[token.range.upperBound...]
            return token
        }
    }

    private static func endOfString(in text: ArraySlice<UInt8>) -> Int {
        var isEscaped = false
        for index in text.indices.dropFirst() {
            if isEscaped {
                isEscaped = false
            } else if text[index] == UInt8(ascii: "\\") {
                isEscaped = true
            } else if text[index] == UInt8(ascii: "\"") {
                return index + 1
            }
        }
        return text.endIndex
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }

    private static func isInNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }
}
