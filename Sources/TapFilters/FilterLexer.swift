/// Takes a filter apart into words and signs.
struct FilterLexer {
    private let text: [UInt8]
    private var place = 0

    /// The tokens of a filter, the end among them.
    static func tokens(of filter: String) throws(FilterError) -> [FilterToken] {
        var lexer = FilterLexer(text: Array(filter.utf8))
        var tokens: [FilterToken] = []
        repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
        return tokens
    }

    private mutating func next() throws(FilterError) -> FilterToken {
        while place < text.count, FilterLexer.isSpace(text[place]) { place += 1 }
        guard place < text.count else { return FilterToken(kind: .end, range: place..<place) }
        let byte = text[place]
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
            return try readQuoted(from: place, isRaw: false)
        }
        if byte == UInt8(ascii: "r"), place + 1 < text.count, text[place + 1] == UInt8(ascii: "\"") {
            let start = place
            place += 1
            return try readQuoted(from: start, isRaw: true)
        }
        if let sign = FilterToken.Sign.allCases.first(where: { text[place...].starts(with: $0.rawValue.utf8) }) {
            return take(.sign(sign), sign.rawValue.utf8.count)
        }
        let end = endOfWord()
        guard end > place else { throw unexpectedSign() }
        return take(.word(String(decoding: text[place..<end], as: UTF8.self)), end - place)
    }

    private mutating func take(_ kind: FilterToken.Kind, _ length: Int) -> FilterToken {
        defer { place += length }
        return FilterToken(kind: kind, range: place..<place + length)
    }

    /// Two dots in a word are the sign of a range: `10.0.0.1..10.0.0.9`.
    private func endOfWord() -> Int {
        var end = place
        while end < text.count, FilterLexer.isInWord(text[end]), !text[end...].starts(with: "..".utf8) { end += 1 }
        return end
    }

    private func unexpectedSign() -> FilterError {
        let range = place..<place + 1
        switch text[place] {
        case UInt8(ascii: "="): return FilterError("a comparison is written ==", at: range)
        case UInt8(ascii: "&"): return FilterError("“and” is written &&", at: range)
        case UInt8(ascii: "|"): return FilterError("“or” is written ||", at: range)
        default: return FilterError("this sign has no meaning in a filter", at: range)
        }
    }

    private mutating func readQuoted(from start: Int, isRaw: Bool) throws(FilterError) -> FilterToken {
        let quote = text[place]
        var value: [UInt8] = []
        place += 1
        while place < text.count {
            let byte = text[place]
            if byte == quote {
                place += 1
                return FilterToken(kind: .quoted(value), range: start..<place)
            }
            if byte == UInt8(ascii: "\\"), place + 1 < text.count {
                appendEscaped(to: &value, quote, isRaw)
            } else {
                value.append(byte)
                place += 1
            }
        }
        throw FilterError("the quotes are not closed", at: start..<start + 1)
    }

    /// What a backslash does not change, it stays before: regular expressions need no second one.
    private mutating func appendEscaped(to value: inout [UInt8], _ quote: UInt8, _ isRaw: Bool) {
        let next = text[place + 1]
        let plain: UInt8? =
            switch next {
            case quote: quote
            case _ where isRaw: nil
            case UInt8(ascii: "\\"): next
            case UInt8(ascii: "n"): 0x0A
            case UInt8(ascii: "r"): 0x0D
            case UInt8(ascii: "t"): 0x09
            default: nil
            }
        if let plain {
            value.append(plain)
            place += 2
        } else if !isRaw, next == UInt8(ascii: "x"), let byte = hexByte(at: place + 2) {
            value.append(byte)
            place += 4
        } else {
            value += [text[place], next]
            place += 2
        }
    }

    private func hexByte(at place: Int) -> UInt8? {
        guard place + 2 <= text.count, text[place..<place + 2].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit })
        else { return nil }
        return UInt8(String(decoding: text[place..<place + 2], as: UTF8.self), radix: 16)
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// Letters, digits, the signs in addresses, numbers and names, and all that is not ASCII.
    static func isInWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
            true
        default: "._:/-+*@%".utf8.contains(byte)
        }
    }
}
