/// A point in time as a capture states it: nanoseconds since 1970-01-01 00:00:00 UTC.
public struct Timestamp: Hashable, Comparable, Sendable, Codable {
    public var nanoseconds: Int64

    @inlinable
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    @inlinable
    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.nanoseconds < right.nanoseconds }

    /// Nanoseconds from `earlier` to `self`; saturates where the distance does not fit.
    @inlinable
    public func since(_ earlier: Timestamp) -> Int64 {
        let (distance, overflow) = nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
        return overflow ? (nanoseconds < 0 ? .min : .max) : distance
    }

    /// The same; `nil` if `earlier` is the later one, as where a clock stepped back: how long it was nobody knows.
    package func elapsed(since earlier: Timestamp) -> Int64? { self >= earlier ? since(earlier) : nil }

    /// The same, if the earlier one may be unknown.
    package func elapsed(since earlier: Timestamp?) -> Int64? { earlier.flatMap { elapsed(since: $0) } }

    /// So many nanoseconds later; saturates where that does not fit.
    package func advanced(by distance: Int64) -> Timestamp {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(distance)
        return Timestamp(nanoseconds: overflow ? (distance < 0 ? .min : .max) : sum)
    }
}
