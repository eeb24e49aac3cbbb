/// Why a stream or a flow ended.
public enum StreamEnd: Sendable {
    /// The sender said that it has no more to send (FIN).
    case finished
    /// One of the endpoints aborted the connection (RST).
    case reset
    /// The capture ended first.
    case captureEnd
    /// The flow was idle too long, was one too many, or its ports were taken by a new connection.
    case evicted
}

/// How one direction ended. Every byte that is missing before was reported before.
@usableFromInline
package struct DirectionEnd: Equatable, Sendable {
    @usableFromInline package let reason: StreamEnd
    /// Whether the FIN or RST of this direction's sender was captured.
    @usableFromInline package let isCaptured: Bool
    /// Whether the last that was sent is not in the capture.
    @usableFromInline package let isBehindHole: Bool

    @usableFromInline
    package init(_ reason: StreamEnd, isCaptured: Bool, isBehindHole: Bool) {
        self.reason = reason
        self.isCaptured = isCaptured
        self.isBehindHole = isBehindHole
    }
}
