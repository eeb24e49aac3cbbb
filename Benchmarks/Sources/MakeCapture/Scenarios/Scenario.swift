/// Fills captures of one kind.
protocol Scenario {
    /// The most microseconds between two packets.
    var longestPause: UInt64 { get }

    /// Writes conversations, all complete, of about `size` bytes.
    func run(size: Int, in wire: inout Wire)
}

extension Scenario {
    /// A number that belongs to a capture of 500 MB, in proportion to the size, but at least `minimum`.
    func scale(_ number: Int, to size: Int, minimum: Int) -> Int {
        min(number, max(minimum, number * size / 500_000_000))
    }
}
