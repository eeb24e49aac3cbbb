/// The times between pings and their pongs, in nanoseconds.
///
/// Exact up to 1,024 of them; of more, every second, fourth, … is kept for the median and the percentile, so that
/// memory stays bounded. The smallest and the largest are exact in any case.
public struct RoundTrips: Equatable, Sendable {
    private static let limit = 1_024
    private var kept: [Int64] = []
    private var stride: UInt64 = 1
    public private(set) var count: UInt64 = 0
    public private(set) var shortest: Int64?
    public private(set) var longest: Int64?

    public init() {}

    package mutating func add(_ time: Int64) {
        shortest = min(shortest ?? time, time)
        longest = max(longest ?? time, time)
        if count % stride == 0 {
            if kept.count == RoundTrips.limit {
                kept = RoundTrips.each(2, of: kept)
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

    /// The times of both, each with the weight that it has among all.
    public func joined(with other: RoundTrips) -> RoundTrips {
        var all = RoundTrips()
        all.stride = max(stride, other.stride)
        all.kept = kept(each: all.stride) + other.kept(each: all.stride)
        while all.kept.count > RoundTrips.limit {
            all.kept = RoundTrips.each(2, of: all.kept)
            all.stride *= 2
        }
        all.count = count + other.count
        all.shortest = [shortest, other.shortest].compactMap(\.self).min()
        all.longest = [longest, other.longest].compactMap(\.self).max()
        return all
    }

    /// What would be kept if it were one time of so many.
    private func kept(each stride: UInt64) -> [Int64] { RoundTrips.each(Int(clamping: stride / self.stride), of: kept) }

    private static func each(_ step: Int, of times: [Int64]) -> [Int64] {
        times.enumerated().filter { $0.offset % step == 0 }.map(\.element)
    }
}
