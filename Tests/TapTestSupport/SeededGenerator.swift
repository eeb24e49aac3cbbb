/// Random numbers that are the same in every run (SplitMix64), so that a failure can be repeated from its seed.
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: some BinaryInteger) { state = UInt64(truncatingIfNeeded: seed) }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }

    package mutating func bytes(_ count: Int, in range: ClosedRange<UInt8> = .min ... .max) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: range, using: &self) }
    }

    /// A number up to `limit`, small ones as likely as large ones.
    package mutating func length(upTo limit: Int) -> Int {
        let scale = Int.random(in: 0...limit, using: &self)
        return Int.random(in: 0...scale, using: &self)
    }

    /// True once in `count` times.
    package mutating func oneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }
}

extension SeededGenerator {
    package static func bytes(_ count: Int, seed: Int) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        return generator.bytes(count)
    }
}
