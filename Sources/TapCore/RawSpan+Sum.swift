extension RawSpan {
    /// A number with the same remainder by 2^16 - 1 as the sum of the 16-bit words, as they lie in memory: the order of
    /// bytes makes no difference to the ones' complement sum but that of the result. RFC 1071 §2. An odd byte is the low
    /// one of a last word. Zero only where every byte is. There must be sixteen bytes.
    ///
    /// Each word of 128 bits counts as what its eight parts add up to, since 2^16 leaves 1, and so does each carry.
    @inlinable
    package var sumOfWords: UInt64 {
        let count = byteCount
        precondition(count >= 16, "too few bytes for a word of 128 bits")
        var (sum, carries): (UInt128, UInt64) = (0, 0)
        var offset = 0
        while offset &+ 64 <= count {
            for word in 0..<4 { add(to: &sum, &carries, at: offset &+ word &* 16) }
            offset &+= 64
        }
        while offset &+ 16 <= count {
            add(to: &sum, &carries, at: offset)
            offset &+= 16
        }
        if offset < count {
            // The bytes that are left are the last ones of the last sixteen.
            let last = unsafeLoadUnaligned(fromUncheckedByteOffset: count &- 16, as: UInt128.self)
            let (next, carry) = sum.addingReportingOverflow(
                last &>> UInt128(truncatingIfNeeded: (16 &- (count &- offset)) &* 8))
            sum = next
            carries &+= carry ? 1 : 0
        }
        let (both, carry) = UInt64(truncatingIfNeeded: sum).addingReportingOverflow(
            UInt64(truncatingIfNeeded: sum &>> 64))
        let (all, lastCarry) = both.addingReportingOverflow(carries &+ (carry ? 1 : 0))
        return all &+ (lastCarry ? 1 : 0)
    }

    /// Adds the sixteen bytes at an offset, which there must be.
    @inlinable
    @inline(__always)
    func add(to sum: inout UInt128, _ carries: inout UInt64, at offset: Int) {
        let word = unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt128.self)
        let (next, carry) = sum.addingReportingOverflow(word)
        sum = next
        carries &+= carry ? 1 : 0
    }
}
