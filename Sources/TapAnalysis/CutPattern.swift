/// Several connections were cut after the same time: there is a timeout somewhere.
public struct CutPattern: Equatable, Sendable {
    public enum Measure: String, Sendable {
        /// Since the last frame.
        case idle
        /// Since the handshake.
        case age
    }

    public let measure: Measure
    /// The median of their times, in nanoseconds.
    public let time: Int64
    public let connections: Int
    /// How many were cut in all.
    public let ofConnections: Int

    /// No proxy gives up earlier, and shorter times are alike by chance.
    private static let shortest: Int64 = 1_000_000_000
    /// How far the times may lie apart: 2 %, and a quarter of a second for slow timers.
    private static func reach(_ time: Int64) -> Int64 {
        // Hostile clocks leave no room for more.
        let (reach, overflow) = time.addingReportingOverflow(time / 50 + 250_000_000)
        return overflow ? .max : reach
    }

    /// Answers `nil` where no time is that of at least three connections and of half of them.
    init?(_ measure: Measure, _ times: [Int64]) {
        let sorted = times.sorted()
        var best = 0..<0
        var end = 0
        for start in sorted.indices where sorted[start] >= CutPattern.shortest {
            end = max(end, start)
            while end < sorted.count, sorted[end] <= CutPattern.reach(sorted[start]) { end += 1 }
            if end - start > best.count { best = start..<end }
        }
        guard best.count >= 3, best.count * 2 >= times.count else { return nil }
        self.measure = measure
        time = sorted[best.lowerBound + best.count / 2]
        connections = best.count
        ofConnections = times.count
    }
}
