extension RawSpan {
    /// Where a byte first stands from `start` on; `nil` where it does not. Eight bytes at once.
    @inlinable
    package func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
        let pattern = UInt64(byte) &* 0x0101_0101_0101_0101
        var offset = start
        while offset &+ 8 <= byteCount {
            // A byte that matches becomes zero, and only subtracting from zero borrows into a high bit that was clear.
            let differing = word(at: offset).littleEndian ^ pattern
            let found = (differing &- 0x0101_0101_0101_0101) & ~differing & 0x8080_8080_8080_8080
            if found != 0 { return offset &+ found.trailingZeroBitCount &>> 3 }
            offset &+= 8
        }
        while offset < byteCount {
            if uint8(at: offset) == byte { return offset }
            offset &+= 1
        }
        return nil
    }
}
