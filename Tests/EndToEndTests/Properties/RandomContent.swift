import TapTestSupport

/// What a payload holds: bytes by chance, text, and what repeats itself, as silence, padding and empty images do.
enum RandomContent: CaseIterable {
    case chance, words, number, sameCharacter, zeros, sameByte, periodic, frameLike

    var isText: Bool {
        switch self {
        case .words, .number, .sameCharacter: true
        case .chance, .zeros, .sameByte, .periodic, .frameLike: false
        }
    }

    func bytes(_ count: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        switch self {
        case .chance: generator.fastBytes(count)
        case .words: RandomContent.text(count, &generator)
        case .number: RandomContent.cycle(Array("{\"id\":\(generator.next())}".utf8), count)
        case .sameCharacter: [UInt8](repeating: generator.oneIn(2) ? 0x61 : 0x20, count: count)
        case .zeros: [UInt8](repeating: 0, count: count)
        case .sameByte: [UInt8](repeating: UInt8.random(in: .min ... .max, using: &generator), count: count)
        case .periodic:
            RandomContent.cycle(generator.fastBytes(Int.random(in: 2...16, using: &generator)), count)
        case .frameLike:
            RandomContent.cycle(RandomContent.frames.randomElement(using: &generator) ?? [0], count)
        }
    }

    /// What reads as short frames for as long as it is repeated.
    private static let frames: [[UInt8]] = [
        [0x82, 0x00], [0x81, 0x01, 0x41], [0x00, 0x00, 0x00, 0x01], [0x89, 0x00], [0x81, 0x02, 0x41, 0x42],
        [0x82, 0x80, 1, 2, 3, 4], [0x02, 0x01, 0x07, 0x80, 0x00],
        [0x82, 0x7E, 0x00, 0x7E] + Array(repeating: 9, count: 126),
    ]

    private static func cycle(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
        var result: [UInt8] = []
        while result.count < count { result += bytes }
        return Array(result.prefix(count))
    }

    private static func text(_ count: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        let words = ["hello", "naïve", "谢谢", "☕", "seven", "the end"].map { Array($0.utf8) }
        var result: [UInt8] = []
        while result.count < count {
            let word = (words.randomElement(using: &generator) ?? []) + [0x20]
            // What is left for no whole word is filled up.
            result += result.count + word.count <= count ? word : [UInt8](repeating: 0x2E, count: count - result.count)
        }
        return result
    }
}

extension SeededGenerator {
    /// Eight bytes for each number: payloads are long.
    mutating func fastBytes(_ count: Int) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(count + 8)
        while result.count < count {
            var word = next()
            for _ in 0..<8 {
                result.append(UInt8(truncatingIfNeeded: word))
                word >>= 8
            }
        }
        result.removeLast(result.count - count)
        return result
    }

    /// A length as frames and segments have them: each magnitude up to `limit` is equally likely.
    mutating func magnitude(upTo limit: Int) -> Int {
        let bits = Int.random(in: 0...(Int.bitWidth - limit.leadingZeroBitCount), using: &self)
        return min(limit, Int.random(in: (1 << bits) / 2...max(1, (1 << bits) - 1), using: &self))
    }
}
