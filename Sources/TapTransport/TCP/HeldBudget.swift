import TapCore

/// What is kept for all flows together: how much held segments cost, against their limit, and the bytes passed on last.
@usableFromInline
package struct HeldBudget: ~Copyable {
    @usableFromInline let limits: StreamLimits
    @usableFromInline package internal(set) var used = 0
    @usableFromInline var recent: RecentBytes
    var holes = DeclaredHoles()
    /// The last segment that was sent again: a capture may hold it twice.
    var lastRepetition: (stream: StreamID, start: SequenceNumber, time: Timestamp)?

    @usableFromInline
    init(limits: StreamLimits) {
        self.limits = limits
        recent = RecentBytes(limits: limits)
    }

    @usableFromInline var isExhausted: Bool { used > limits.heldBytes }
}
