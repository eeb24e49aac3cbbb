import TapCore

/// Where strings, numbers and words of JSON end. RFC 8259 §3, §6, §7.
enum JSONGrammar {
    /// Where the string that begins with a quote ends, behind its other quote. Where it breaks the rules, that place, negative.
    @inline(__always)
    static func string(_ text: RawSpan, from start: Int, _ isEscaped: inout Bool) -> Int {
        var offset = start &+ 1
        while true {
            offset = text.firstOfString(from: offset)
            guard offset < text.byteCount else { return -text.byteCount }
            switch text.uint8(at: offset) {
            case UInt8(ascii: "\""): return offset &+ 1
            case UInt8(ascii: "\\"):
                guard offset + 1 < text.byteCount else { return -text.byteCount }
                guard let length = escape(text, at: offset) else { return -offset }
                offset &+= length
                isEscaped = true
            default: return -offset
            }
        }
    }

    /// Bytes of an escape; `nil` where it is none.
    private static func escape(_ text: RawSpan, at offset: Int) -> Int? {
        switch text.uint8(at: offset + 1) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return 2
        case UInt8(ascii: "u"):
            guard offset + 6 <= text.byteCount else { return nil }
            for index in (offset + 2)..<(offset + 6) {
                switch text.uint8(at: index) {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
                    UInt8(ascii: "A")...UInt8(ascii: "F"):
                    continue
                default: return nil
                }
            }
            return 6
        default: return nil
        }
    }

    /// Where a number ends, and whether it is a whole one of at most 18 digits and not `-0`; `nil` where it is none.
    @inline(__always)
    static func number(_ text: RawSpan, from start: Int) -> (end: Int, isShort: Bool)? {
        var offset = start
        let isNegative = text.uint8(at: offset) == UInt8(ascii: "-")
        if isNegative { offset &+= 1 }
        let whole = digits(text, from: &offset)
        guard whole > 0 else { return nil }
        let startsWithZero = text.uint8(at: offset &- whole) == UInt8(ascii: "0")
        guard whole == 1 || !startsWithZero else { return nil }
        guard offset < text.byteCount, isInNumber(text.uint8(at: offset)) else {
            return (offset, whole <= 18 && !(isNegative && startsWithZero))
        }
        return rest(text, from: offset).map { ($0, false) }
    }

    /// Where the fraction and the exponent of a number end.
    private static func rest(_ text: RawSpan, from start: Int) -> Int? {
        var offset = start
        if byte(text, at: offset) == UInt8(ascii: ".") {
            offset += 1
            guard digits(text, from: &offset) > 0 else { return nil }
        }
        if byte(text, at: offset) | 0x20 == UInt8(ascii: "e") {
            offset += 1
            if [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(byte(text, at: offset)) { offset += 1 }
            guard digits(text, from: &offset) > 0 else { return nil }
        }
        return isInNumber(byte(text, at: offset)) ? nil : offset
    }

    /// Zero behind the end.
    private static func byte(_ text: RawSpan, at offset: Int) -> UInt8 {
        offset < text.byteCount ? text.uint8(at: offset) : 0
    }

    @inline(__always)
    private static func digits(_ text: RawSpan, from offset: inout Int) -> Int {
        let start = offset
        while offset < text.byteCount, text.uint8(at: offset) &- UInt8(ascii: "0") < 10 { offset &+= 1 }
        return offset &- start
    }

    private static func isInNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    /// `true`, `false` or `null`, and where it ends.
    static func word(_ text: RawSpan, from start: Int) -> (kind: JSONDocument.Kind, end: Int)? {
        let kind: JSONDocument.Kind
        let end: Int
        switch letters(text, at: start) {
        case 0x7472_7565: (kind, end) = (.boolean, start + 4)
        case 0x6E75_6C6C: (kind, end) = (.null, start + 4)
        case 0x6661_6C73 where byte(text, at: start + 4) == UInt8(ascii: "e"): (kind, end) = (.boolean, start + 5)
        default: return nil
        }
        let next = byte(text, at: end) | 0x20
        return next >= 0x61 && next <= 0x7A ? nil : (kind, end)
    }

    /// Four bytes as a number; zero where there are fewer.
    private static func letters(_ text: RawSpan, at offset: Int) -> UInt32 {
        offset + 4 <= text.byteCount ? text.uint32(at: offset) : 0
    }
}
