import TapCore

/// Decides when to scan for idle flows. Depends only on packet timestamps, so every analyzer of the same capture scans at
/// the same packets.
@usableFromInline
package struct SilenceClock: Sendable {
    /// When it was looked last, and for how long that is good, in nanoseconds.
    @usableFromInline var checkedAt = Int64.min
    @usableFromInline let step: UInt64

    package init(_ limits: StreamLimits) {
        step = UInt64(max(0, min(limits.idleTime, limits.lingerTime) / StreamLimits.silenceSteps))
    }

    /// Whether it is time to look, at a packet.
    @inlinable
    @inline(__always)
    package mutating func isDue(at time: Timestamp) -> Bool {
        // Unsigned: a clock that leaps back is a reason to look, too.
        guard UInt64(bitPattern: time.nanoseconds &- checkedAt) > step else { return false }
        checkedAt = time.nanoseconds
        return true
    }
}
