import TapCore

extension Timestamp {
    /// Saturates where the nanoseconds do not fit.
    init(seconds: Int64, nanoseconds: Int64 = 0) {
        let (scaled, scaleOverflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, sumOverflow) = scaled.addingReportingOverflow(nanoseconds)
        self.init(nanoseconds: scaleOverflow || sumOverflow ? (seconds < 0 ? .min : .max) : sum)
    }
}
