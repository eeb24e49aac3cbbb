/// Shows that where a stream is cut never changes what is decoded.
package enum CutVerifier {
    /// Decodes `bytes` whole, byte by byte, cut in two at every place, and cut at random places;
    /// answers the cuts at which the result is another than that of the whole.
    package static func disagreements<Result: Equatable>(
        on bytes: [UInt8], decode: ([[UInt8]]) throws -> Result
    ) rethrows -> [[Int]] {
        let expected = try decode([bytes])
        var cuts = [Array(0...bytes.count)] + (0...bytes.count).map { [$0] }
        var generator = SeededGenerator(seed: bytes.count)
        for _ in 0..<50 {
            cuts.append((0..<4).map { _ in Int.random(in: 0...bytes.count, using: &generator) }.sorted())
        }
        return try cuts.filter { try decode(pieces(of: bytes, cutAt: $0)) != expected }
    }

    /// The pieces between the cuts, which are in order; some may be empty.
    package static func pieces(of bytes: [UInt8], cutAt cuts: [Int]) -> [[UInt8]] {
        zip([0] + cuts, cuts + [bytes.count]).map { Array(bytes[$0..<$1]) }
    }
}
