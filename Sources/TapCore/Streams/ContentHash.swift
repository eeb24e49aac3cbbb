/// Tells contents apart by 64 bits: wherever the same bytes are cut into pieces, they have the same hash in one run of the program.
///
/// What it begins with is random, so that nobody can write contents that collide; where processes compare contents it is given.
package struct ContentHash: Sendable, Codable {
    private var state: UInt64
    /// The bytes that do not fill a word yet, the first one lowest.
    private var rest: UInt64 = 0
    private var length: UInt64 = 0

    package init(seed: UInt64 = HashSeed.ofProcess) { state = seed }

    package var value: UInt64 {
        FlowKey.mix(FlowKey.mix(state ^ rest, ContentHash.factor) ^ length, 0xA076_1D64_78BD_642F)
    }

    package mutating func add(_ bytes: RawSpan) {
        var offset = 0
        while offset < bytes.byteCount, length & 7 != 0 { add(bytes.uint8(at: offset), &offset) }
        let words = (bytes.byteCount - offset) & ~7
        if words > 0 {
            let end = offset + words
            while offset < end {
                take(UInt64(littleEndian: bytes.word(at: offset)))
                offset += 8
            }
            length &+= UInt64(words)
        }
        while offset < bytes.byteCount { add(bytes.uint8(at: offset), &offset) }
    }

    private mutating func add(_ byte: UInt8, _ offset: inout Int) {
        rest |= UInt64(byte) << ((length & 7) << 3)
        length &+= 1
        offset += 1
        guard length & 7 == 0 else { return }
        take(rest)
        rest = 0
    }

    private mutating func take(_ word: UInt64) { state = FlowKey.mix(state ^ word, ContentHash.factor) }

    private static let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
}
