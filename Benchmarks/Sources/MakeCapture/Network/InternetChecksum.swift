/// The ones' complement sum of RFC 1071.
struct InternetChecksum {
    private var sum: UInt64 = 0

    /// The checksum, ready to be stored.
    var value: UInt16 { ~UInt16(truncatingIfNeeded: Self.fold(sum)) }

    /// Adds 16-bit words that are numbers already.
    mutating func add(_ number: UInt32) {
        sum += UInt64(number >> 16) + UInt64(number & 0xFFFF)
    }

    /// Adds bytes; an odd last one counts as if a zero followed.
    mutating func add(_ bytes: RawSpan) {
        // The sum of byte-swapped words is the byte-swapped sum, so whole words are added as they lie in memory.
        var little: UInt64 = 0
        let words = bytes.byteCount / 4
        for word in 0..<words {
            little += UInt64(
                UInt32(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: word * 4, as: UInt32.self)))
        }
        for offset in words * 4..<bytes.byteCount {
            let byte = unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            little += UInt64(byte) << (offset & 1 == 0 ? 0 : 8)
        }
        sum += UInt64(UInt16(truncatingIfNeeded: Self.fold(little)).byteSwapped)
    }

    private static func fold(_ sum: UInt64) -> UInt64 {
        var sum = sum
        while sum >> 16 != 0 { sum = (sum & 0xFFFF) + (sum >> 16) }
        return sum
    }
}
