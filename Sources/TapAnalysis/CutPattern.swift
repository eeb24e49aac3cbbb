/// Several connections were cut after the same time: there is a timeout somewhere. Or at the same moment: something
/// was restarted.
public struct CutPattern: Equatable, Sendable {
    public enum Measure: String, Sendable {
        /// The time since the last frame is the same.
        case idle
        /// The time since the handshake is the same.
        case age
        /// They were of any age, and cut all at once.
        case moment
    }

    public let measure: Measure
    /// The median of their times, in nanoseconds; for those that were cut at once, how far apart that was.
    public let time: Int64
    public let connections: Int
    /// How many were cut in all, or failed.
    public let ofConnections: Int
    /// How many of those failed: they were closed with a code that says so.
    public let failed: Int
    /// Whether connections over several legs count once.
    public let isOfExchanges: Bool

    /// When a connection was cut or failed, in nanoseconds.
    struct Cut: Codable {
        let idle: Int64
        let age: Int64
        let end: Int64
        let hasFailed: Bool
    }

    /// No proxy gives up earlier, and shorter times are alike by chance.
    private static let shortest: Int64 = 1_000_000_000
    /// What is cut within that time is cut at once.
    private static let moment: Int64 = 2_000_000_000

    /// Answers `nil` where nothing is shared by at least three connections and by half of them.
    init?(_ cuts: [Cut], ofExchanges isOfExchanges: Bool) {
        if let alike = CutPattern.alike(cuts, by: { $0.idle }, from: CutPattern.shortest, reach: CutPattern.timeout) {
            self.init(.idle, alike[alike.count / 2].idle, alike, of: cuts, isOfExchanges)
        } else if let alike = CutPattern.alike(cuts, by: { $0.end }, from: .min, reach: CutPattern.soon),
            CutPattern.spread(alike.map { $0.end &- $0.age }) > 5 * CutPattern.moment
        {
            self.init(.moment, CutPattern.spread(alike.map(\.end)), alike, of: cuts, isOfExchanges)
        } else if let alike = CutPattern.alike(
            cuts, by: { $0.age }, from: CutPattern.shortest, reach: CutPattern.timeout),
            CutPattern.spread(alike.map(\.end)) > CutPattern.moment
        {
            self.init(.age, alike[alike.count / 2].age, alike, of: cuts, isOfExchanges)
        } else {
            return nil
        }
    }

    private init(
        _ measure: Measure, _ time: Int64, _ alike: ArraySlice<Cut>, of cuts: [Cut], _ isOfExchanges: Bool
    ) {
        self.measure = measure
        self.time = time
        self.isOfExchanges = isOfExchanges
        connections = alike.count
        ofConnections = cuts.count
        failed = cuts.count(where: \.hasFailed)
    }

    /// How far timeouts of the same length may lie apart: 2 %, and a quarter of a second for slow timers.
    private static func timeout(_ time: Int64) -> Int64 { sum(time, time / 50 + 250_000_000) }

    private static func soon(_ time: Int64) -> Int64 { sum(time, moment) }

    /// Hostile clocks leave no room for more.
    private static func sum(_ one: Int64, _ other: Int64) -> Int64 {
        let (sum, overflow) = one.addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    private static func spread(_ times: [Int64]) -> Int64 {
        guard let first = times.min(), let last = times.max() else { return 0 }
        let (spread, overflow) = last.subtractingReportingOverflow(first)
        return overflow ? .max : spread
    }

    /// The most cuts of which a time lies within reach of the smallest, in the order of that time.
    private static func alike(
        _ cuts: [Cut], by time: (Cut) -> Int64, from least: Int64, reach: (Int64) -> Int64
    ) -> ArraySlice<Cut>? {
        let sorted = cuts.sorted { time($0) < time($1) }
        var best = 0..<0
        var end = 0
        for start in sorted.indices where time(sorted[start]) >= least {
            end = max(end, start)
            let furthest = reach(time(sorted[start]))
            while end < sorted.count, time(sorted[end]) <= furthest { end += 1 }
            if end - start > best.count { best = start..<end }
        }
        guard best.count >= 3, best.count * 2 >= cuts.count else { return nil }
        // An array of its own: indices count from 0.
        return Array(sorted[best])[...]
    }
}
