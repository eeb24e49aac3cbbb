import Glibc

extension RawSpan {
    /// Where a byte first stands from `start` on; `nil` where it does not. The C library looks at 32 bytes at once.
    @inlinable
    package func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
        guard start < byteCount else { return nil }
        return withUnsafeBytes { bytes in
            guard let first = bytes.baseAddress, let found = memchr(first + start, Int32(byte), bytes.count - start)
            else { return nil }
            return UnsafeRawPointer(found) - first
        }
    }
}

extension RawSpan {
    /// The offset of the first quote, backslash or control character from `start` on: where a string of JSON ends. The end of
    /// the span if absent.
    @inlinable
    @inline(__always)
    package func firstOfString(from start: Int) -> Int {
        withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, start >= 0 else { return bytes.count }
            var offset = start
            let quotes = SIMD16<UInt8>(repeating: UInt8(ascii: "\""))
            let backslashes = SIMD16<UInt8>(repeating: UInt8(ascii: "\\"))
            let first = SIMD16<UInt8>(repeating: 0x20)
            while offset &+ 16 <= bytes.count {
                let block = (base + offset).loadUnaligned(as: SIMD16<UInt8>.self)
                let marks = unsafeBitCast(
                    (block .== quotes) .| (block .== backslashes) .| (block .< first), to: SIMD2<UInt64>.self)
                let (low, high) = (marks[0].littleEndian, marks[1].littleEndian)
                if low | high != 0 {
                    return offset &+ (low != 0 ? low.trailingZeroBitCount : 64 &+ high.trailingZeroBitCount) &>> 3
                }
                offset &+= 16
            }
            while offset < bytes.count {
                let byte = bytes[offset]
                if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return offset }
                offset &+= 1
            }
            return bytes.count
        }
    }
}
