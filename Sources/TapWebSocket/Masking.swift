import TapCore

/// Masking and unmasking, which are the same. RFC 6455 §5.3.
@usableFromInline
package enum Masking {
    /// Appends `bytes` to `output`, unmasked.
    ///
    /// - Parameters:
    ///   - key: the masking key in network byte order; zero changes nothing.
    ///   - phase: how many bytes of the payload lie before these.
    package static func append(_ bytes: RawSpan, key: UInt32, phase: UInt64, to output: inout [UInt8]) {
        let start = output.count
        output.append(bytes)
        guard key != 0 else { return }
        output.withUnsafeMutableBytes { apply(rotated(key, by: phase), to: $0, from: start) }
    }

    /// Eight bytes at once: byte by byte the loop is not vectorised, and runs at a twentieth of the speed.
    static func apply(_ key: UInt32, to bytes: UnsafeMutableRawBufferPointer, from start: Int) {
        let word = (UInt64(key) << 32 | UInt64(key)).bigEndian
        var offset = start
        while offset &+ 8 <= bytes.count {
            let value = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            bytes.storeBytes(of: value ^ word, toByteOffset: offset, as: UInt64.self)
            offset &+= 8
        }
        var shift: UInt32 = 24
        while offset < bytes.count {
            bytes[offset] ^= UInt8(truncatingIfNeeded: key >> shift)
            shift = (shift &+ 24) & 31
            offset &+= 1
        }
    }

    /// The key as it applies to the byte `phase` of the payload.
    @inlinable
    static func rotated(_ key: UInt32, by phase: UInt64) -> UInt32 {
        let bits = UInt32(phase & 3) * 8
        return bits == 0 ? key : key << bits | key >> (32 - bits)
    }
}
