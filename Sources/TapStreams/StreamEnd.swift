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
