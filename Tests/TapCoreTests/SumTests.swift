import TapCore
import TapTestSupport
import Testing

@Suite("The sum of words")
struct SumTests {
    /// The slow twin: word by word, with each carry added at once.
    private static func sum(_ bytes: [UInt8]) -> UInt64 {
        var sum: UInt64 = 0
        for place in stride(from: 0, to: bytes.count, by: 2) {
            sum += UInt64(bytes[place]) | UInt64(place + 1 < bytes.count ? bytes[place + 1] : 0) << 8
            if sum > 0xFFFF { sum -= 0xFFFF }
        }
        return sum
    }

    @Test("leaves what adding word by word leaves, at each length", arguments: [0, 0x01, 0x80, 0xFF, -1])
    func lengths(value: Int) {
        var generator = SeededGenerator(seed: 5)
        for length in Array(16...300) + [1_460, 9_000, 65_535] {
            let bytes =
                value < 0
                ? generator.bytes(length) : [UInt8](repeating: UInt8(truncatingIfNeeded: value), count: length)
            let expected = SumTests.sum(bytes)
            // From any place on: words need not lie where memory has its own.
            for start in 0..<3 {
                let padded = [UInt8](repeating: 0xA5, count: start) + bytes + [0x5A]
                let sum = padded.span.bytes.from(start).upTo(length).sumOfWords
                #expect(sum % 0xFFFF == expected % 0xFFFF, "\(length) bytes")
                #expect((sum == 0) == (expected == 0), "\(length) bytes")
            }
        }
    }
}
