import TapCore

/// The random bytes of a hello. By a client's, key logs name a session.
package struct ClientRandom: Hashable, Sendable {
    package static let length = 32
    // A vector would stand at multiples of 32 bytes.
    private let words: InlineArray<4, UInt64>

    /// Returns `nil` where there are not 32 bytes.
    package init?(_ bytes: RawSpan) {
        guard bytes.byteCount == Self.length else { return nil }
        words = [bytes.uint64(at: 0), bytes.uint64(at: 8), bytes.uint64(at: 16), bytes.uint64(at: 24)]
    }

    init(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
        words = [first, second, third, fourth]
    }

    package static func == (left: ClientRandom, right: ClientRandom) -> Bool {
        left.words[0] == right.words[0] && left.words[1] == right.words[1] && left.words[2] == right.words[2]
            && left.words[3] == right.words[3]
    }

    package func hash(into hasher: inout Hasher) { for index in 0..<4 { hasher.combine(words[index]) } }

    package var bytes: [UInt8] {
        (0..<Self.length).map { UInt8(truncatingIfNeeded: words[$0 >> 3] >> UInt64(56 - 8 * ($0 & 7))) }
    }

    /// In which half of all it is, 0 or 1.
    package var half: Int { Int(truncatingIfNeeded: words[3] & 1) }

    /// 64 hexadecimal digits.
    package var text: String { Hex.string(bytes) }
}
