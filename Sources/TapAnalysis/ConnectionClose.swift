import TapWebSocket

/// How a connection ended, and whose doing that was.
public struct ConnectionClose: Equatable, Sendable {
    /// What ended the TCP connection.
    public enum Cause: String, Sendable {
        case fin
        case rst
        case captureEnd = "capture_end"
        case evicted
    }

    /// The first sign of the end.
    public enum Sign: String, Sendable {
        case close
        case fin
        case rst
    }

    /// Who sent the first close frame, FIN or RST.
    public var initiator: Sender?
    /// Which of them that was.
    public var sign: Sign?
    /// How long nothing had been exchanged before it, in nanoseconds; `nil` where the clock stepped back.
    public var idleTime: Int64?
    /// Who sent the first FIN or RST.
    public var endedBySender: Sender?
    /// What the first close frame said.
    public var body: CloseBody?
    /// How long the answer to the first close frame took, in nanoseconds; `nil` where there was none, or where the
    /// clock stepped back.
    public var answerTime: Int64?
    /// Whether both peers sent a close frame. RFC 6455 §7.1.4.
    public var isClean = false
    public var endedBy = Cause.captureEnd

    public init() {}

    /// Whether the connection came to its end in any way that the capture shows.
    public var hasEnded: Bool { sign != nil || endedBy == .fin || endedBy == .rst }
}
