import TapBytes

/// Bulk appends to memory that is reserved already; each traps where it would not fit.
extension OutputSpan<UInt8> {
    @inline(__always)
    mutating func append(_ text: StaticString) {
        let length = text.utf8CodeUnitCount
        append(length) { $0.copyMemory(from: UnsafeRawBufferPointer(start: text.utf8Start, count: length)) }
    }

    /// The first bytes of a word, as they lie in memory.
    mutating func append(_ word: UInt64, count: Int) {
        append(8) { $0.storeBytes(of: word, as: UInt64.self) }
        removeLast(8 - count)
    }

    /// The last `width` decimal digits of a number, with zeros in front.
    mutating func append(_ value: UInt64, width: Int) {
        append(width) { digits in
            var rest = value
            for place in (0..<width).reversed() {
                digits[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
        }
    }

    mutating func append(decimal value: UInt64) {
        var width = 1
        var limit: UInt64 = 10
        while width < 20, value >= limit {
            width += 1
            limit = width < 20 ? limit * 10 : .max
        }
        append(value, width: width)
    }

    /// The eight digits of a masking key.
    mutating func append(hex value: UInt32) {
        for shift in stride(from: 28, through: 0, by: -4) {
            append(Hex.digit(UInt8(truncatingIfNeeded: value >> UInt32(shift))))
        }
    }

    @inline(__always)
    private mutating func append(_ length: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Void) {
        withUnsafeMutableBufferPointer { buffer, count in
            fill(UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[count..<count + length])))
            count += length
        }
    }
}
