import TapCore

/// How many times fell into each of a fixed row of spans.
struct Histogram: Sendable {
    /// The upper ends of the spans, in microseconds, from a tenth of a millisecond to a minute.
    static let limits: [Int64] = [
        100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
        5_000_000, 10_000_000, 30_000_000, 60_000_000,
    ]

    /// One more than there are limits: the last one holds what is longer than any.
    private(set) var counts = [UInt64](repeating: 0, count: limits.count + 1)
    private(set) var count: UInt64 = 0
    /// Nanoseconds, all together.
    private(set) var sum: Int64 = 0

    /// Adds a time in nanoseconds.
    mutating func add(_ time: Int64) {
        counts[Histogram.limits.firstIndex { time <= $0 * 1_000 } ?? Histogram.limits.count] += 1
        count += 1
        let (total, overflows) = sum.addingReportingOverflow(max(0, time))
        sum = overflows ? .max : total
    }
}
