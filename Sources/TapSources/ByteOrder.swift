import TapCore

/// The order in which the writer of a capture file laid out its integers.
package enum ByteOrder {
    case big
    case little
}

/// Integers in either byte order at an offset that the caller has checked; outside the span they trap.
extension RawSpan {
    func uint16(at offset: Int, _ order: ByteOrder) -> UInt16 {
        let value = uint16(at: offset)
        return order == .big ? value : value.byteSwapped
    }

    func uint32(at offset: Int, _ order: ByteOrder) -> UInt32 {
        let value = uint32(at: offset)
        return order == .big ? value : value.byteSwapped
    }

    func uint64(at offset: Int, _ order: ByteOrder) -> UInt64 {
        let value = uint64(at: offset)
        return order == .big ? value : value.byteSwapped
    }
}
