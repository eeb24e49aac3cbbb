/// Integers in network byte order at an offset that the caller has checked; outside the span they trap.
extension RawSpan {
    @inlinable
    package func uint8(at offset: Int) -> UInt8 { unsafeLoad(fromByteOffset: offset, as: UInt8.self) }

    @inlinable
    package func uint16(at offset: Int) -> UInt16 {
        UInt16(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    @inlinable
    package func uint32(at offset: Int) -> UInt32 {
        UInt32(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    @inlinable
    package func uint64(at offset: Int) -> UInt64 {
        UInt64(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Eight bytes as they lie in memory, for work on many bytes at once.
    @inlinable
    package func word(at offset: Int) -> UInt64 { unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self) }

    /// The bytes from `offset` on; empty where there are none.
    @inlinable
    @_lifetime(copy self)
    package func from(_ offset: Int) -> RawSpan {
        extracting(droppingFirst: Swift.min(Swift.max(offset, 0), byteCount))
    }

    /// At most `count` of the first bytes.
    @inlinable
    @_lifetime(copy self)
    package func upTo(_ count: Int) -> RawSpan { extracting(first: Swift.min(Swift.max(count, 0), byteCount)) }
}
