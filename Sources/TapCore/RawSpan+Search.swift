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
