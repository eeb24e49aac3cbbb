extension [UInt8] {
    /// Appends an integer in network byte order.
    @inline(__always)
    mutating func append<Value: FixedWidthInteger>(bigEndian value: Value) {
        for shift in stride(from: Value.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    /// Appends an integer in the byte order of the capture file.
    @inline(__always)
    mutating func append<Value: FixedWidthInteger>(littleEndian value: Value) {
        append(bigEndian: value.byteSwapped)
    }

    /// Overwrites two bytes with an integer in network byte order.
    mutating func store(bigEndian value: UInt16, at index: Int) {
        self[index] = UInt8(truncatingIfNeeded: value >> 8)
        self[index + 1] = UInt8(truncatingIfNeeded: value)
    }
}
