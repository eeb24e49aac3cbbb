import TapCore

/// The text inside a JSON string: escaped so that it can also be printed and pasted without harm.
///
/// Beside what RFC 8259 §7 demands these are written as `\uXXXX`: DEL and the C1 controls, line and paragraph
/// separators, and the characters that change the direction of text or take no room.
package enum JSONText {
    /// Bytes of text that are escaped at a time; what they may grow to is reserved at once.
    private static let blockLength = 1_024
    /// `\uXXXX` for one byte.
    private static let longestEscape = 6

    /// - Parameter text: valid UTF-8.
    package static func append(_ text: RawSpan, to output: inout [UInt8]) {
        var offset = 0
        while offset < text.byteCount {
            let end = min(offset + blockLength, text.byteCount)
            ByteCursor.append(room(for: end - offset), to: &output) { output in
                append(text, from: &offset, to: end, &output)
            }
        }
    }

    /// Appends where there is ``room(for:)`` the text already.
    /// - Parameter text: valid UTF-8.
    static func append(_ text: RawSpan, to output: inout ByteCursor) {
        var offset = 0
        append(text, from: &offset, to: text.byteCount, &output)
    }

    /// How much room is needed for text of a length; its last word may reach beyond it.
    static func room(for length: Int) -> Int { (length + 8) * longestEscape }

    private static func append(_ text: RawSpan, from start: inout Int, to end: Int, _ output: inout ByteCursor) {
        var offset = start
        while true {
            offset &+= output.append(escaping: text.extracting(offset..<max(offset, end)))
            repeat {
                guard offset < end else {
                    start = offset
                    return
                }
                offset &+= appendClean(text, from: offset, to: end, &output)
                offset &+= appendCharacter(of: text, at: offset, to: &output)
            } while offset &+ 8 <= text.byteCount && text.word(at: offset) & high != 0
        }
    }

    /// Appends words up to the first byte that may need an escape; answers how many bytes that were.
    @inline(__always)
    private static func appendClean(
        _ text: RawSpan, from start: Int, to end: Int, _ output: inout ByteCursor
    ) -> Int {
        var cursor = output
        var offset = start
        while offset < end, offset &+ 8 <= text.byteCount {
            let word = text.word(at: offset)
            let clean = suspects(in: UInt64(littleEndian: word)).trailingZeroBitCount &>> 3
            cursor.append(word, count: clean)
            offset &+= clean
            if clean < 8 { break }
        }
        output = cursor
        return offset &- start
    }

    /// Appends one character, or a byte of it; answers how many bytes of the text that were.
    @inline(__always)
    private static func appendCharacter(of text: RawSpan, at offset: Int, to output: inout ByteCursor) -> Int {
        guard offset < text.byteCount else { return 0 }
        guard let (code, length) = harmful(in: text, at: offset) else {
            output.append(text.uint8(at: offset))
            return 1
        }
        appendEscape(code, to: &output)
        return length
    }

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let high: UInt64 = 0x8080_8080_8080_8080

    /// The top bit of each byte that may begin something harmful. Bits above the lowest may be wrong: a borrow runs
    /// upwards.
    @inline(__always)
    private static func suspects(in word: UInt64) -> UInt64 {
        func equal(_ byte: UInt64) -> UInt64 {
            let difference = word ^ (ones &* byte)
            return (difference &- ones) & ~difference
        }
        let controls = (word &- (ones &* 0x20)) & ~word
        let single = controls | equal(0x22) | equal(0x5C) | equal(0x7F)
        let leading = equal(0xC2) | equal(0xD8) | equal(0xE2) | equal(0xEF) | equal(0xF3)
        return (single | leading) & high
    }

    /// The code point that must be escaped, and its length in bytes.
    private static func harmful(in text: RawSpan, at offset: Int) -> (code: UInt32, length: Int)? {
        let byte = text.uint8(at: offset)
        let left = text.byteCount - offset
        switch byte {
        case 0..<0x20, 0x22, 0x5C, 0x7F:
            return (UInt32(byte), 1)
        case 0xC2:
            guard left >= 2, case let second = text.uint8(at: offset + 1), second < 0xA0 else { return nil }
            return (UInt32(second), 2)
        case 0xD8:
            return left >= 2 && text.uint8(at: offset + 1) == 0x9C ? (0x061C, 2) : nil
        case 0xE2, 0xEF, 0xF3:
            guard let (scalar, length) = UTF8Text.scalar(in: text, at: offset) else { return nil }
            switch scalar.value {
            case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2064, 0x2066...0x206F, 0xFEFF, 0xE0000...0xE007F:
                return (scalar.value, length)
            default: return nil
            }
        default:
            return nil
        }
    }

    private static func appendEscape(_ code: UInt32, to output: inout ByteCursor) {
        switch code {
        case 0x22: output.append(UInt8(ascii: "\\"), UInt8(ascii: "\""))
        case 0x5C: output.append(UInt8(ascii: "\\"), UInt8(ascii: "\\"))
        case 0x09: output.append(UInt8(ascii: "\\"), UInt8(ascii: "t"))
        case 0x0A: output.append(UInt8(ascii: "\\"), UInt8(ascii: "n"))
        case 0x0D: output.append(UInt8(ascii: "\\"), UInt8(ascii: "r"))
        case 0x10000...:
            // RFC 8259 §7: a surrogate pair.
            appendUnit(0xD800 + (code - 0x10000) >> 10, to: &output)
            appendUnit(0xDC00 + code & 0x3FF, to: &output)
        default: appendUnit(code, to: &output)
        }
    }

    private static func appendUnit(_ unit: UInt32, to output: inout ByteCursor) {
        output.append(UInt8(ascii: "\\"), UInt8(ascii: "u"))
        for shift: UInt32 in [12, 8, 4, 0] { output.append(Hex.digit(UInt8(truncatingIfNeeded: unit >> shift))) }
    }
}
