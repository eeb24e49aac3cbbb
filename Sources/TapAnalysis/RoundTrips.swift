/// The times between pings and their pongs, in nanoseconds.
///
/// Exact up to ``limit`` of them; of more, every second, fourth, … is kept for the median and the percentile, so that
/// memory stays bounded. The smallest and the largest are exact in any case.
public struct RoundTrips: Equatable, Sendable {
    private static let limit = 1_024
    private var kept: [Int64] = []
    private var stride: UInt64 = 1
    public private(set) var count: UInt64 = 0
    public private(set) var shortest: Int64?
    public private(set) var longest: Int64?

    public init() {}

    mutating func add(_ time: Int64) {
        shortest = min(shortest ?? time, time)
        longest = max(longest ?? time, time)
        if count % stride == 0 {
            if kept.count == RoundTrips.limit {
                kept = kept.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
                stride *= 2
            }
            if count % stride == 0 { kept.append(time) }
        }
        count += 1
    }

    /// The time that `share` of all (0 to 1) do not exceed; the nearest rank. `nil` where there are none.
    public func percentile(_ share: Double) -> Int64? {
        guard !kept.isEmpty else { return nil }
        let rank = Int((share * Double(kept.count)).rounded(.up))
        return kept.sorted()[min(max(rank, 1), kept.count) - 1]
    }

    /// The times of both.
    public func joined(with other: RoundTrips) -> RoundTrips {
        var all = RoundTrips()
        for time in kept + other.kept { all.add(time) }
        all.count = count + other.count
        all.shortest = [shortest, other.shortest].compactMap(\.self).min()
        all.longest = [longest, other.longest].compactMap(\.self).max()
        return all
    }
}
