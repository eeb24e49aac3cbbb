public import TapCore

/// What the times in the table count from.
public enum TableTimes: Sendable {
    /// The first packet of the capture.
    case relative
    /// Midnight in UTC; a line tells the date.
    case absolute
    /// The time above, whatever it belongs to.
    case delta
    /// 1970-01-01 00:00:00 UTC.
    case epoch
    /// Midnight of where the reader is; a line tells the date.
    /// - Parameter offset: how many seconds clocks there are ahead of UTC at a time.
    case local(offset: @Sendable (Timestamp) -> Int)
}
