import TapAnalysis
import TapCore

/// How often values of which size came: counted in steps of 1, 2, 5, 10, 20, 50, … so that memory is the same for any
/// number of them. Smallest and largest are exact; median and percentiles are so up to 1,024 values, and within 0.1 % with
/// more.
struct Distribution: Sendable, Codable {
    /// A step with how many values fell into it.
    struct Step: Equatable {
        let from: Int64
        /// The first value beyond it.
        let below: Int64
        let count: UInt64
    }

    private static let bounds: [Int64] = {
        var bounds: [Int64] = [0]
        var power: Int64 = 1
        while power <= 1_000_000_000_000_000_000 {
            bounds += [power, 2 * power, 5 * power]
            guard power < 1_000_000_000_000_000_000 else { break }
            power *= 10
        }
        return bounds
    }()

    private var counts = [UInt64](repeating: 0, count: bounds.count)
    private(set) var values = RoundTrips()

    init() {}

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        counts = try container.decode([UInt64].self)
        values = try container.decode(RoundTrips.self)
        guard counts.count == Distribution.bounds.count else { throw StateError() }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(counts)
        try container.encode(values)
    }

    var isEmpty: Bool { values.count == 0 }

    /// - Parameter value: what is negative counts as 0.
    mutating func add(_ value: Int64) {
        let value = max(0, value)
        values.add(value)
        counts[Distribution.place(of: value)] += 1
    }

    mutating func add(_ value: UInt64) { add(Int64(clamping: value)) }

    /// Adds the values of another.
    mutating func merge(_ other: Distribution) {
        values.merge(other.values)
        for place in counts.indices { counts[place] += other.counts[place] }
    }

    /// The steps between the first and the last that hold a value, those included.
    var steps: [Step] {
        guard let range = used else { return [] }
        return range.map { Step(from: Distribution.bounds[$0], below: Distribution.end($0), count: counts[$0]) }
    }

    /// The places of the steps that are used, so that several distributions can be shown beside each other.
    var used: ClosedRange<Int>? {
        guard let first = counts.firstIndex(where: { $0 > 0 }), let last = counts.lastIndex(where: { $0 > 0 }) else {
            return nil
        }
        return first...last
    }

    /// The values in a range of places, as one step.
    func step(_ places: ClosedRange<Int>) -> Step {
        Step(
            from: Distribution.bounds[places.lowerBound], below: Distribution.end(places.upperBound),
            count: counts[places].reduce(0, +))
    }

    private static func end(_ place: Int) -> Int64 { place + 1 < bounds.count ? bounds[place + 1] : .max }

    private static func place(of value: Int64) -> Int {
        var (low, high) = (0, bounds.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if bounds[middle] <= value { low = middle } else { high = middle }
        }
        return low
    }
}
