/// The base64 alphabet of RFC 4648 §4.
public enum Base64 {
    private static let padding = UInt8(ascii: "=")

    public static func append(_ bytes: RawSpan, to output: inout [UInt8]) {
        ByteCursor.append((bytes.byteCount + 2) / 3 * 4 + ByteCursor.slack, to: &output) { append(bytes, to: &$0) }
    }

    /// Appends where there is room for it already, and for ``ByteCursor/slack`` more.
    package static func append(_ bytes: RawSpan, to output: inout ByteCursor) {
        var offset = 0
        while offset &+ 8 <= bytes.byteCount {
            output.append(word: letters(bytes.uint64(at: offset) &>> 16).littleEndian)
            offset &+= 6
        }
        while offset < bytes.byteCount {
            output.append(UInt64(letters(of: bytes, at: offset)).littleEndian, count: 4)
            offset += 3
        }
    }

    /// Whether a text is the encoding of some bytes.
    package static func isEncoding(_ text: RawSpan, of bytes: RawSpan) -> Bool {
        guard text.byteCount == (bytes.byteCount + 2) / 3 * 4 else { return false }
        var (place, offset) = (0, 0)
        while offset &+ 8 <= bytes.byteCount {
            guard text.word(at: place) == letters(bytes.uint64(at: offset) &>> 16).littleEndian else { return false }
            (place, offset) = (place &+ 8, offset &+ 6)
        }
        while offset < bytes.byteCount {
            guard text.uint32(at: place).byteSwapped == letters(of: bytes, at: offset) else { return false }
            (place, offset) = (place &+ 4, offset &+ 3)
        }
        return true
    }

    /// What three bytes become, or those that are left, the first letter in the lowest byte.
    private static func letters(of bytes: RawSpan, at offset: Int) -> UInt32 {
        let group = bytes.from(offset).upTo(3)
        var bits: UInt64 = 0
        for place in 0..<group.byteCount { bits |= UInt64(group.uint8(at: place)) << UInt64(40 - 8 * place) }
        var letters = UInt32(truncatingIfNeeded: letters(bits))
        for place in (group.byteCount + 1)..<4 {
            letters = letters & ~(0xFF << UInt32(8 * place)) | UInt32(padding) << UInt32(8 * place)
        }
        return letters
    }

    /// Eight letters for the low 48 bits of a word, the first in the lowest byte: halves, quarters and sixes of bits are
    /// moved apart, and then become letters, side by side.
    private static func letters(_ bits: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var values = (bits & 0xFF_FFFF) | (bits &>> 24) &<< 32
        values = (values & 0x0000_0FFF_0000_0FFF) | (values & 0x00FF_F000_00FF_F000) &<< 4
        values = (values & 0x003F_003F_003F_003F) | (values & 0x0FC0_0FC0_0FC0_0FC0) &<< 2
        values = values.byteSwapped
        func atLeast(_ least: UInt64) -> UInt64 { (values &+ ones &* (0x80 &- least)) &>> 7 & ones }
        // From A, a, 0, + and / on, each by how much it lies off what comes before it.
        let raised = values &+ ones &* 65 &+ atLeast(26) &* 6 &+ atLeast(63) &* 3
        return raised &- atLeast(52) &* 75 &- atLeast(62) &* 15
    }

    public static func string(_ bytes: RawSpan) -> String {
        var output: [UInt8] = []
        append(bytes, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// Decodes padded base64, or answers `nil` where the text is anything else.
    /// Bits that padding leaves unused may have any value; see ``isCanonical(_:)``.
    public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? { decode(bytes: Array(text)) }

    private static func decode(bytes text: [UInt8]) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        let paddings = text.suffix(2).reversed().prefix { $0 == padding }.count
        var output: [UInt8] = []
        output.reserveCapacity(text.count / 4 * 3)
        var group: UInt32 = 0
        for index in 0..<text.count - paddings {
            guard let value = value(of: text[index]) else { return nil }
            group = group << 6 | value
            if index % 4 == 3 {
                output.append(UInt8(group >> 16 & 0xFF))
                output.append(UInt8(group >> 8 & 0xFF))
                output.append(UInt8(group & 0xFF))
                group = 0
            }
        }
        switch paddings {
        case 1: output += [UInt8(group >> 10 & 0xFF), UInt8(group >> 2 & 0xFF)]
        case 2: output.append(UInt8(group >> 4 & 0xFF))
        default: break
        }
        return output
    }

    /// Whether decoding and encoding again gives the same text: RFC 4648 §3.5 wants the unused bits to be zero.
    public static func isCanonical(_ text: String) -> Bool {
        decode(text.utf8).map { string($0.span.bytes) == text } ?? false
    }

    /// Whether a text stands for so many bytes, and is the one that encoding them gives; nothing is decoded for it.
    package static func isCanonical(_ text: RawSpan, of count: Int) -> Bool {
        let rest = count % 3
        guard text.byteCount == (count + 2) / 3 * 4 else { return false }
        let paddings = rest == 0 ? 0 : 3 - rest
        let length = text.byteCount - paddings
        for place in length..<text.byteCount where text.uint8(at: place) != padding { return false }
        guard length > 0 else { return true }
        // Of the last letter 2 bits are unused for each byte that is padded.
        guard let last = value(of: text.uint8(at: length - 1)), last & (1 << (2 * UInt32(paddings)) - 1) == 0 else {
            return false
        }
        return areLetters(text.upTo(length))
    }

    /// Whether all are letters of the alphabet. Eight at a time: of random letters no processor can guess the kind.
    private static func areLetters(_ text: RawSpan) -> Bool {
        var place = 0
        while place + 8 <= text.byteCount {
            guard areLetters(text.uint64(at: place)) else { return false }
            place += 8
        }
        for place in place..<text.byteCount where value(of: text.uint8(at: place)) == nil { return false }
        return true
    }

    private static func areLetters(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        /// The highest bit of each byte that is no less; only where none of them has it already.
        func atLeast(_ least: UInt8) -> UInt64 { word &+ ones &* UInt64(0x80 - least) }
        let upper = atLeast(UInt8(ascii: "A")) & ~atLeast(UInt8(ascii: "Z") + 1)
        let lower = atLeast(UInt8(ascii: "a")) & ~atLeast(UInt8(ascii: "z") + 1)
        let digitOrSlash = atLeast(UInt8(ascii: "/")) & ~atLeast(UInt8(ascii: "9") + 1)
        let plus = atLeast(UInt8(ascii: "+")) & ~atLeast(UInt8(ascii: "+") + 1)
        return word & ones &<< 7 == 0 && (upper | lower | digitOrSlash | plus) & ones &<< 7 == ones &<< 7
    }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
