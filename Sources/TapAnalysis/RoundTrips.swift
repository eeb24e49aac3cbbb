/// How large values were, times between pings and their pongs above all, in nanoseconds.
///
/// Exact up to 1,024 of them. Of more it is counted how many fall into each of many steps, which are narrower than a thousandth of
/// what lies in them: so memory stays bounded, values may come in any order, and those of two are those of one added up. The smallest
/// and the largest are exact in any case.
public struct RoundTrips: Equatable, Sendable, Codable {
    private static let limit = 1_024
    /// All of them, as long as they are few.
    private var kept: [Int64] = []
    /// How many there are in each step that has any, once they are more.
    private var steps: [UInt16: UInt64] = [:]
    public private(set) var count: UInt64 = 0
    public private(set) var shortest: Int64?
    public private(set) var longest: Int64?

    public init() {}

    package mutating func add(_ time: Int64) {
        shortest = min(shortest ?? time, time)
        longest = max(longest ?? time, time)
        count += 1
        guard steps.isEmpty else {
            steps[RoundTrips.step(of: time), default: 0] += 1
            return
        }
        kept.append(time)
        if kept.count > RoundTrips.limit { countSteps() }
    }

    /// The time that `share` of all (0 to 1) do not exceed; the nearest rank, and of more than 1,024 within 0.1 %. `nil` where there
    /// are none.
    public func percentile(_ share: Double) -> Int64? {
        guard let shortest, let longest else { return nil }
        guard steps.isEmpty else {
            let middle = RoundTrips.middle(ofStep: step(atRank: (share * Double(count)).rounded(.up)))
            return min(max(middle, shortest), longest)
        }
        let rank = Int((share * Double(kept.count)).rounded(.up))
        return kept.sorted()[min(max(rank, 1), kept.count) - 1]
    }

    /// The times of both.
    public func joined(with other: RoundTrips) -> RoundTrips {
        var all = self
        all.merge(other)
        return all
    }

    /// Adds the times of others.
    package mutating func merge(_ other: RoundTrips) {
        if other.steps.isEmpty {
            for time in other.kept { add(time) }
            return
        }
        countSteps()
        steps.merge(other.steps, uniquingKeysWith: +)
        count += other.count
        shortest = [shortest, other.shortest].compactMap(\.self).min()
        longest = [longest, other.longest].compactMap(\.self).max()
    }

    private mutating func countSteps() {
        for time in kept { steps[RoundTrips.step(of: time), default: 0] += 1 }
        kept = []
    }

    private func step(atRank rank: Double) -> UInt16 {
        var (below, last): (UInt64, UInt16) = (0, 0)
        for (step, count) in steps.sorted(by: { $0.key < $1.key }) {
            below += count
            last = step
            if Double(below) >= rank { break }
        }
        return last
    }

    // MARK: Steps

    /// From one power of two to the next there are so many steps, and below the second of them one for each value.
    private static let fineness: UInt16 = 1_024
    private static let bits = 10

    private static func step(of time: Int64) -> UInt16 {
        let value = UInt64(max(0, time))
        let shift = max(0, UInt64.bitWidth - 1 - value.leadingZeroBitCount - bits)
        return UInt16(shift) * fineness + UInt16(truncatingIfNeeded: value >> UInt64(shift))
    }

    private static func middle(ofStep step: UInt16) -> Int64 {
        guard step >= 2 * fineness else { return Int64(step) }
        let shift = Int64(step / fineness) - 1
        return (Int64(step % fineness) + Int64(fineness)) << shift | (1 << shift) >> 1
    }
}
