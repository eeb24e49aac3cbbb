import TapTestSupport

/// Reads a script from a fuzzer's bytes. Where they are used up, every number is zero, so that all bytes mean something.
struct FuzzInput {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

    var isEmpty: Bool { bytes.isEmpty }

    mutating func byte() -> UInt8 { bytes.popFirst() ?? 0 }

    /// Two bytes in network byte order.
    mutating func number() -> Int { Int(byte()) << 8 | Int(byte()) }

    /// The next `count` bytes, or what is left of them.
    mutating func take(_ count: Int) -> [UInt8] {
        defer { bytes = bytes.dropFirst(count) }
        return Array(bytes.prefix(count))
    }

    mutating func rest() -> [UInt8] { take(bytes.count) }

    /// Up to seven places, for ``pieces(of:at:)``.
    mutating func places() -> [Int] { (0..<byte() & 7).map { _ in number() } }

    /// The pieces of `bytes` between some places, of which each is made to lie inside.
    static func pieces(of bytes: [UInt8], at places: [Int]) -> [[UInt8]] {
        CutVerifier.pieces(of: bytes, cutAt: places.map { $0 % (bytes.count + 1) }.sorted())
    }

    /// Each byte a piece of its own.
    static func single(_ bytes: [UInt8]) -> [[UInt8]] { bytes.map { [$0] } }
}
