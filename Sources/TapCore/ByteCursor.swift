/// Writes into memory that is reserved already; each append traps where it would not fit.
///
/// A span for output does the same, but costs several times as much for a few bytes.
@usableFromInline
package struct ByteCursor {
    @usableFromInline var place: UnsafeMutableRawPointer
    @usableFromInline let end: UnsafeMutableRawPointer

    @inlinable
    init(place: UnsafeMutableRawPointer, end: UnsafeMutableRawPointer) {
        self.place = place
        self.end = end
    }

    /// Appends at most `length` bytes to an array.
    @inlinable
    package static func append(_ length: Int, to output: inout [UInt8], _ body: (inout ByteCursor) -> Void) {
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
    package static func text(_ length: Int, _ body: (inout ByteCursor) -> Void) -> String {
        var bytes: [UInt8] = []
        append(length + ByteCursor.slack, to: &bytes, body)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Digits are written eight at a time.
    @inlinable package static var slack: Int { 8 }

    /// Answers where the next bytes go, and moves past them.
    @inlinable
    @inline(__always)
    mutating func advance(_ count: Int) -> UnsafeMutableRawPointer {
        precondition(end - place >= count)
        let start = place
        place += count
        return start
    }

    @inlinable
    @inline(__always)
    package mutating func append(_ byte: UInt8) { advance(1).storeBytes(of: byte, as: UInt8.self) }

    @inlinable
    @inline(__always)
    package mutating func append(_ first: UInt8, _ second: UInt8) {
        advance(2).storeBytes(of: (UInt16(first) | UInt16(second) << 8).littleEndian, as: UInt16.self)
    }

    @inlinable
    @inline(__always)
    package mutating func append(_ text: StaticString) {
        advance(text.utf8CodeUnitCount).copyMemory(from: text.utf8Start, byteCount: text.utf8CodeUnitCount)
    }

    /// The cursor behind a text that is written from here on.
    package func appending(_ text: String) -> ByteCursor {
        var cursor = self
        for byte in text.utf8 { cursor.append(byte) }
        return cursor
    }

    /// Eight bytes as they lie in memory.
    @inlinable
    @inline(__always)
    package mutating func append(word: UInt64) { advance(8).storeBytes(of: word, as: UInt64.self) }

    /// The first bytes of a word, as they lie in memory. There must be room for all of them.
    @inlinable
    @inline(__always)
    package mutating func append(_ word: UInt64, count: Int) {
        append(word: word)
        place -= 8 - count
    }

    /// The last `width` decimal digits of a number, with zeros in front. There must be room for seven more.
    @inlinable
    package mutating func append(_ value: UInt64, width: Int) {
        guard width > 8 else {
            let digits = ByteCursor.digits(value % 100_000_000)
            return append((digits &>> UInt64(8 &* (8 &- width))).littleEndian, count: width)
        }
        append(value / 100_000_000, width: width - 8)
        append(word: ByteCursor.digits(value % 100_000_000).littleEndian)
    }

    /// Nine digits, as of the nanoseconds of a second: the same as a width of nine, in half the time.
    /// - Parameter value: less than 1,000,000,000.
    @inlinable
    @inline(__always)
    package mutating func append(nineDigits value: UInt64) {
        append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value / 100_000_000))
        append(word: ByteCursor.digits(value % 100_000_000).littleEndian)
    }

    /// A number without zeros in front. There must be room for eight digits, whatever it is.
    @inlinable
    @inline(__always)
    package mutating func append(decimal value: UInt64) {
        // Most numbers are small: lengths, and what is counted in a connection. The others are written by a function
        // that takes the cursor and gives it back, so that it need not lie in memory here.
        guard value < 10_000 else {
            self = appending(large: value)
            return
        }
        if value < 10 { return append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value)) }
        let hundreds = (value &* 10_486) &>> 20
        append(withoutZeros: ByteCursor.digits(ofPairs: hundreds | (value &- hundreds &* 100) &<< 16) &<< 32)
    }

    @usableFromInline
    func appending(large value: UInt64) -> ByteCursor {
        var cursor = self
        if value < 100_000_000 {
            cursor.append(withoutZeros: ByteCursor.digits(value))
        } else {
            cursor = appending(large: value / 100_000_000)
            cursor.append(word: ByteCursor.digits(value % 100_000_000).littleEndian)
        }
        return cursor
    }

    /// Digits, the last in the highest byte; not all of them are zeros.
    @inlinable
    @inline(__always)
    mutating func append(withoutZeros digits: UInt64) {
        let zeros = (digits & 0x0F0F_0F0F_0F0F_0F0F).trailingZeroBitCount &>> 3
        append((digits &>> UInt64(8 &* zeros)).littleEndian, count: 8 &- zeros)
    }

    /// The eight digits of a number below 100,000,000, the first in the lowest byte: halves, quarters and digits are
    /// split off side by side, by multiplication instead of division.
    @inlinable
    @inline(__always)
    static func digits(_ value: UInt64) -> UInt64 {
        let halves = value / 10_000 | (value % 10_000) &<< 32
        let hundreds = (halves &* 10_486) &>> 20 & 0x0000_007F_0000_007F
        return digits(ofPairs: hundreds | (halves &- hundreds &* 100) &<< 16)
    }

    /// The digits of numbers below 100, each in sixteen bits of its own.
    @inlinable
    @inline(__always)
    static func digits(ofPairs pairs: UInt64) -> UInt64 {
        let tens = (pairs &* 103) &>> 10 & 0x000F_000F_000F_000F
        return tens | (pairs &- tens &* 10) &<< 8 | 0x3030_3030_3030_3030
    }

    /// The sixteen digits of a word.
    @inlinable
    @inline(__always)
    package mutating func append(hex value: UInt64) {
        append(hex: UInt32(truncatingIfNeeded: value &>> 32))
        append(hex: UInt32(truncatingIfNeeded: value))
    }

    /// The eight digits of a masking key.
    @inlinable
    @inline(__always)
    package mutating func append(hex value: UInt32) {
        // Each half byte into a byte of its own, the first into the lowest.
        var word = UInt64(value.byteSwapped)
        word = (word | word &<< 16) & 0x0000_FFFF_0000_FFFF
        word = (word | word &<< 8) & 0x00FF_00FF_00FF_00FF
        word = (word &>> 4 | word &<< 8) & 0x0F0F_0F0F_0F0F_0F0F
        let letters = (word &+ 0x0606_0606_0606_0606) &>> 4 & 0x0101_0101_0101_0101
        append(word: (word &+ 0x3030_3030_3030_3030 &+ letters &* 0x27).littleEndian)
    }
}
