/// A bounds-checked cursor over borrowed bytes. A read that does not fit answers `nil` and moves nothing.
@usableFromInline
package struct ByteReader: ~Escapable {
    @usableFromInline package let bytes: RawSpan
    @usableFromInline package private(set) var offset: Int

    @inlinable
    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan, at offset: Int = 0) {
        self.bytes = bytes
        self.offset = Swift.min(Swift.max(offset, 0), bytes.byteCount)
    }

    @inlinable package var remaining: Int { bytes.byteCount &- offset }

    /// Reads one integer in network byte order.
    @inlinable
    @_lifetime(self: copy self)
    package mutating func read<Integer: FixedWidthInteger & BitwiseCopyable>(_: Integer.Type) -> Integer? {
        let width = MemoryLayout<Integer>.size
        guard remaining >= width else { return nil }
        let value = bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Integer.self)
        offset &+= width
        return Integer(bigEndian: value)
    }

    /// Moves past `count` bytes, or answers `false` and stays where there are fewer.
    @inlinable
    @_lifetime(self: copy self)
    package mutating func skip(_ count: Int) -> Bool {
        guard count >= 0, count <= remaining else { return false }
        offset &+= count
        return true
    }

    /// Reads an integer of QUIC, which takes one, two, four or eight bytes. RFC 9000 §16.
    @_lifetime(self: copy self)
    package mutating func quicInteger() -> UInt64? {
        guard remaining > 0 else { return nil }
        let length = 1 << Int(bytes.uint8(at: offset) >> 6)
        guard remaining >= length else { return nil }
        var value = UInt64(bytes.uint8(at: offset) & 0x3F)
        for index in 1..<max(length, 1) { value = value << 8 | UInt64(bytes.uint8(at: offset + index)) }
        _ = skip(length)
        return value
    }
}
