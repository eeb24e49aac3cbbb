/// Writes into memory that is reserved already; each append traps where it would not fit.
///
/// A span for output does the same, but costs several times as much for a few bytes.
struct ByteCursor {
    private var place: UnsafeMutableRawPointer
    private let end: UnsafeMutableRawPointer

    /// Appends at most `length` bytes to an array.
    static func append(_ length: Int, to output: inout [UInt8], _ body: (inout ByteCursor) -> Void) {
        output.append(addingCapacity: length) { output in
            output.withUnsafeMutableBufferPointer { buffer, count in
                guard let start = buffer.baseAddress else { return }
                var cursor = ByteCursor(
                    place: UnsafeMutableRawPointer(start + count), end: UnsafeMutableRawPointer(start + buffer.count))
                body(&cursor)
                count = cursor.place - UnsafeMutableRawPointer(start)
            }
        }
    }

    /// Text of at most `length` bytes.
    static func text(_ length: Int, _ body: (inout ByteCursor) -> Void) -> String {
        var bytes: [UInt8] = []
        append(length + ByteCursor.slack, to: &bytes, body)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Digits are written eight at a time.
    static let slack = 8

    /// Answers where the next bytes go, and moves past them.
    @inline(__always)
    private mutating func advance(_ count: Int) -> UnsafeMutableRawPointer {
        precondition(end - place >= count)
        let start = place
        place += count
        return start
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) { advance(1).storeBytes(of: byte, as: UInt8.self) }

    @inline(__always)
    mutating func append(_ first: UInt8, _ second: UInt8) {
        advance(2).storeBytes(of: UInt16(first) | UInt16(second) << 8, as: UInt16.self)
    }

    @inline(__always)
    mutating func append(_ text: StaticString) {
        advance(text.utf8CodeUnitCount).copyMemory(from: text.utf8Start, byteCount: text.utf8CodeUnitCount)
    }

    /// The first bytes of a word, as they lie in memory. There must be room for all of them.
    @inline(__always)
    mutating func append(_ word: UInt64, count: Int) {
        advance(8).storeBytes(of: word, as: UInt64.self)
        place -= 8 - count
    }

    /// The last `width` decimal digits of a number, with zeros in front. There must be room for seven more.
    mutating func append(_ value: UInt64, width: Int) {
        guard width > 8 else {
            let digits = ByteCursor.digits(value % 100_000_000)
            return append((digits &>> UInt64(8 &* (8 &- width))).littleEndian, count: width)
        }
        append(value / 100_000_000, width: width - 8)
        append(ByteCursor.digits(value % 100_000_000).littleEndian, count: 8)
    }

    /// A number without zeros in front. There must be room for eight digits, whatever it is.
    mutating func append(decimal value: UInt64) {
        guard value < 100_000_000 else {
            append(decimal: value / 100_000_000)
            return append(ByteCursor.digits(value % 100_000_000).littleEndian, count: 8)
        }
        let digits = ByteCursor.digits(value)
        let zeros = min(7, (digits & 0x0F0F_0F0F_0F0F_0F0F).trailingZeroBitCount / 8)
        append((digits &>> UInt64(8 &* zeros)).littleEndian, count: 8 - zeros)
    }

    /// The eight digits of a number below 100,000,000, the first in the lowest byte: halves, quarters and digits are
    /// split off side by side, by multiplication instead of division.
    @inline(__always)
    private static func digits(_ value: UInt64) -> UInt64 {
        let halves = value / 10_000 | (value % 10_000) &<< 32
        let hundreds = (halves &* 10_486) &>> 20 & 0x0000_007F_0000_007F
        let quarters = hundreds | (halves &- hundreds &* 100) &<< 16
        let tens = (quarters &* 103) &>> 10 & 0x000F_000F_000F_000F
        return tens | (quarters &- tens &* 10) &<< 8 | 0x3030_3030_3030_3030
    }

    /// The eight digits of a masking key.
    mutating func append(hex value: UInt32) {
        // Each half byte into a byte of its own, the first into the lowest.
        var word = UInt64(value.byteSwapped)
        word = (word | word &<< 16) & 0x0000_FFFF_0000_FFFF
        word = (word | word &<< 8) & 0x00FF_00FF_00FF_00FF
        word = (word &>> 4 | word &<< 8) & 0x0F0F_0F0F_0F0F_0F0F
        let letters = (word &+ 0x0606_0606_0606_0606) &>> 4 & 0x0101_0101_0101_0101
        append((word &+ 0x3030_3030_3030_3030 &+ letters &* 0x27).littleEndian, count: 8)
    }
}
