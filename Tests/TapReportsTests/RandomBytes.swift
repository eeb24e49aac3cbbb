/// The same random numbers in every run: SplitMix64.
struct RandomBytes: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Bytes in which whatever is dangerous is more frequent than chance has it.
    mutating func bytes(upTo limit: Int) -> [UInt8] {
        let nasty: [[UInt8]] = [
            [0x1B, 0x5B], [0x9B], [0xC2, 0x9B], [0xE2, 0x80, 0xAE], [0xE2, 0x80, 0xA8], [0xE2, 0x81, 0xA6], [0x0A],
            [0x0D], [0x7F], [0x00], [0x22], [0x5C], [0xED, 0xA0, 0x80], [0xC0, 0xAF], Array("日本".utf8),
            Array("🎉".utf8), Array("e\u{301}\u{301}".utf8), Array("\u{FE0F}\u{200D}".utf8), [0xE2, 0x82],
        ]
        var bytes: [UInt8] = []
        let length = Int.random(in: 0...limit, using: &self)
        while bytes.count < length {
            if Bool.random(using: &self), let some = nasty.randomElement(using: &self) {
                bytes += some
            } else {
                bytes.append(UInt8.random(in: 0...255, using: &self))
            }
        }
        return bytes
    }
}
