import TapAnalysis
import TapTestSupport
import Testing

@Suite("Values of which percentiles are asked")
struct RoundTripsTests {
    private static func added(_ values: some Sequence<Int64>) -> RoundTrips {
        values.reduce(into: RoundTrips()) { $0.add($1) }
    }

    /// Values of all sizes.
    private static func values(_ count: Int, _ generator: inout SeededGenerator) -> [Int64] {
        (0..<count).map { _ in
            Int64.random(in: 0...Int64.max >> Int64.random(in: 0...62, using: &generator), using: &generator)
        }
    }

    @Test("however values are shared out and added up, the same comes out", arguments: 0..<20)
    func merged(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let values = Self.values(Int.random(in: 0...3_000, using: &generator), &generator)
        let whole = Self.added(values)
        var parts: [[Int64]] = Array(repeating: [], count: 5)
        for value in values { parts[Int.random(in: 0..<5, using: &generator)].append(value) }
        let merged = parts.shuffled(using: &generator).reduce(RoundTrips()) { $0.joined(with: Self.added($1)) }
        #expect(merged.count == whole.count && merged.shortest == whole.shortest && merged.longest == whole.longest)
        for share in [0, 0.001, 0.25, 0.5, 0.95, 0.99, 1] {
            #expect(merged.percentile(share) == whole.percentile(share), "\(share)")
        }
    }

    @Test("of any number of any size, percentiles are right within 0.1 %", arguments: 0..<20)
    func precise(seed: Int) throws {
        var generator = SeededGenerator(seed: 100 + seed)
        let values = Self.values(4_000, &generator)
        let (sorted, added) = (values.sorted(), Self.added(values))
        for rank in stride(from: 1, through: values.count, by: 61) {
            let exact = Double(sorted[rank - 1])
            let near = Double(try #require(added.percentile((Double(rank) - 0.5) / Double(values.count))))
            #expect(abs(near - exact) <= exact / 1_000, "\(exact)")
        }
    }

    @Test("values that are all the same are exact")
    func equal() {
        #expect(Self.added(repeatElement(123_456_789, count: 5_000)).percentile(0.5) == 123_456_789)
    }
}
