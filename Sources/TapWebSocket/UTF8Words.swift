import TapCore

/// UTF-8 by eight bytes at once: four loads, each a byte further back, show for every byte what stands before it, so
/// that the rules of RFC 3629 become operations on whole words, without a branch.
@usableFromInline
package enum UTF8Words {
    /// Bytes before a block that belong to what came before it.
    static let margin = 8
    /// Bytes after a block that may be read, whatever they are.
    static let slack = 8
    @usableFromInline static let high: UInt64 = 0x8080_8080_8080_8080

    /// Whether all bytes are ASCII once unmasked.
    @inlinable
    package static func isASCII(_ bytes: RawSpan, key: UInt32) -> Bool {
        let word = (UInt64(key) << 32 | UInt64(key)).bigEndian
        let count = bytes.byteCount
        var offset = 0
        while offset &+ 64 <= count {
            guard bits(of: 8, in: bytes, at: offset, key: word) & high == 0 else { return false }
            offset &+= 64
        }
        if offset &+ 32 <= count {
            guard bits(of: 4, in: bytes, at: offset, key: word) & high == 0 else { return false }
            offset &+= 32
        }
        while offset &+ 8 <= count {
            guard bits(of: 1, in: bytes, at: offset, key: word) & high == 0 else { return false }
            offset &+= 8
        }
        guard offset < count else { return true }
        guard count < 8 else {
            // The bytes that are left are the last ones of the last eight, which begin at another byte of the key.
            let turn = UInt64(truncatingIfNeeded: (count &- 8) & 3) &* 8
            let key = word &>> turn | word &<< (64 &- turn)
            return bits(of: 1, in: bytes, at: count &- 8, key: key) & high == 0
        }
        var rest = word
        while offset < count {
            guard (bytes.uint8(at: offset) ^ UInt8(truncatingIfNeeded: rest)) & 0x80 == 0 else { return false }
            rest >>= 8
            offset &+= 1
        }
        return true
    }

    /// The bits that any of so many words has once unmasked; all of them must be there.
    @inlinable
    @inline(__always)
    static func bits(of words: Int, in bytes: RawSpan, at offset: Int, key: UInt64) -> UInt64 {
        var bits: UInt64 = 0
        for word in 0..<words {
            bits |= bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset &+ word &* 8, as: UInt64.self) ^ key
        }
        return bits
    }

    /// Whether `count` bytes from ``margin`` on are the beginning of valid UTF-8, after those in the margin.
    static func isValid(_ bytes: UnsafeRawBufferPointer, count: Int) -> Bool {
        guard let start = bytes.baseAddress?.advanced(by: margin) else { return true }
        let whole = count & ~7
        guard areValid(start, count: whole, Keys(0)) else { return false }
        guard whole < count else { return true }
        return faults(start + whole, Keys(0)) & ((1 << UInt64((count &- whole) &* 8)) &- 1) == 0
    }

    /// Whether whole words are the beginning of valid UTF-8 once unmasked. Reads three bytes before them, too.
    @inline(never)  // or the loop is not vectorised
    static func areValid(_ start: UnsafeRawPointer, count: Int, _ keys: Keys) -> Bool {
        var found: UInt64 = 0
        for word in 0..<UInt(count) / 8 { found |= faults(start + Int(bitPattern: word &* 8), keys) }
        return found == 0
    }

    /// The masking key as it applies to a word, and to the words that begin one, two and three bytes before it.
    struct Keys {
        let now: UInt64
        let one: UInt64
        let two: UInt64
        let three: UInt64

        /// - Parameter key: as it applies to the word's first byte.
        init(_ key: UInt32) {
            let word = { (phase: UInt64) in
                let rotated = UInt64(Masking.rotated(key, by: phase))
                return (rotated << 32 | rotated).byteSwapped
            }
            (now, one, two, three) = (word(0), word(3), word(2), word(1))
        }
    }

    private static let lowNibbles: UInt64 = 0x0F0F_0F0F_0F0F_0F0F
    private static let lowFive: UInt64 = 0x1F1F_1F1F_1F1F_1F1F
    private static let lowSeven: UInt64 = 0x7F7F_7F7F_7F7F_7F7F

    /// The high bit of each byte that is `least` or more; no byte of `bytes` has its own high bit set.
    @inline(__always)
    private static func atLeast(_ least: UInt64, _ bytes: UInt64) -> UInt64 {
        bytes &+ (0x80 &- least) &* 0x0101_0101_0101_0101
    }

    /// The high bit of each byte that is wrong where it stands, or after the byte before it: what the last byte itself
    /// must not be shows only with the next one.
    @inline(__always)
    private static func faults(_ place: UnsafeRawPointer, _ keys: Keys) -> UInt64 {
        let now = place.loadUnaligned(as: UInt64.self).littleEndian ^ keys.now
        let one = (place - 1).loadUnaligned(as: UInt64.self).littleEndian ^ keys.one
        let two = (place - 2).loadUnaligned(as: UInt64.self).littleEndian ^ keys.two
        let three = (place - 3).loadUnaligned(as: UInt64.self).littleEndian ^ keys.three

        // 11xxxxxx one back, 111xxxxx two back and 1111xxxx three back each want a continuation here, 10xxxxxx.
        let lead = one & one << 1
        let wanted = lead | two & atLeast(0x60, two & lowSeven) | three & atLeast(0x70, three & lowSeven)
        var faults = (now & ~(now << 1)) ^ wanted

        // What the byte before must not be, C0, C1 and F5 to FF, and what must not follow it: overlong forms,
        // surrogates, and what lies over U+10FFFF.
        let low = one & lowNibbles
        let isNotZero = atLeast(1, low)
        let (third, isFrom90) = (now << 2, now << 2 | now << 3)
        let isLong = lead & one << 2
        let isED = atLeast(0xD, low) & ~atLeast(0xE, low)
        faults |= lead & ~(one << 2) & ~atLeast(2, one & lowFive)
        faults |= isLong & ~(one << 3) & (~(isNotZero | third) | isED & third)
        faults |= isLong & one << 3 & (~(isNotZero | isFrom90) | atLeast(4, low) & isFrom90 | atLeast(5, low))
        return faults & high
    }

    /// The three bytes before a place in the text.
    @usableFromInline
    struct Tail: Equatable {
        /// The byte just before in the highest byte; the lowest is not used.
        @usableFromInline let bytes: UInt32

        @inlinable init(_ bytes: UInt32) { self.bytes = bytes }

        init(endOf block: UnsafeRawBufferPointer, count: Int) {
            let last = block.loadUnaligned(fromByteOffset: UTF8Words.margin + count - 4, as: UInt32.self).littleEndian
            bytes = last & 0xFFFF_FF00
        }

        /// - Parameter key: as it applies to the first of the bytes, whose number is a multiple of four.
        init(endOf bytes: RawSpan, key: UInt32) {
            let last = bytes.unsafeLoadUnaligned(fromByteOffset: bytes.byteCount - 4, as: UInt32.self)
            self.bytes = (last.littleEndian ^ key.byteSwapped) & 0xFFFF_FF00
        }

        /// Puts the bytes into the margin before a block.
        func store(to scratch: UnsafeMutableRawBufferPointer) {
            scratch.storeBytes(of: 0 as UInt32, as: UInt32.self)
            scratch.storeBytes(of: bytes.littleEndian, toByteOffset: 4, as: UInt32.self)
        }

        /// Whether a sequence goes on after these bytes.
        @inlinable var isUnfinished: Bool { bytes & 0x8080_8000 != 0 && unfinishedLength > 0 }

        /// How many of the bytes belong to a sequence that goes on.
        @usableFromInline var unfinishedLength: Int {
            let (last, second, third) = (bytes >> 24, bytes >> 16 & 0xFF, bytes >> 8 & 0xFF)
            if last >= 0xC0 { return 1 }
            if second >= 0xE0 { return 2 }
            return third >= 0xF0 ? 3 : 0
        }

        /// Whether the last byte is one that no text holds.
        var isHopeless: Bool { bytes >> 24 >= 0xF5 || bytes >> 25 == 0xC0 >> 1 }

        var unfinishedBytes: [UInt8] {
            let all = [bytes >> 8, bytes >> 16, bytes >> 24].map { UInt8(truncatingIfNeeded: $0) }
            return Array(all.suffix(unfinishedLength))
        }
    }
}
