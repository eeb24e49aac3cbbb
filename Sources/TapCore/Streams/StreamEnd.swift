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

/// What ended a direction, where it is not TCP: a stream of HTTP/2 or HTTP/3 ends by itself.
@usableFromInline
package enum StreamSignal: Equatable, Sendable {
    /// END_STREAM (RFC 9113 §5.1), or the last byte of a stream of QUIC (RFC 9000 §3.1).
    case endStream
    /// A frame by which a peer gives the stream up, with its code.
    case reset(StreamReset, code: UInt32)
    /// CONNECTION_CLOSE of QUIC, which ends all streams. RFC 9000 §19.19.
    case connectionClose
}

/// By which a peer gives up a stream of HTTP/2 or HTTP/3.
@usableFromInline
package enum StreamReset: String, Equatable, Sendable {
    /// RFC 9113 §6.4.
    case ofHTTP2 = "RST_STREAM"
    /// RFC 9000 §19.4.
    case ofQUIC = "RESET_STREAM"
    /// RFC 9000 §19.5: its sender does not want what the peer sends.
    case stopSending = "STOP_SENDING"
}

/// How one direction ended. Every byte that is missing before was reported before.
@usableFromInline
package struct DirectionEnd: Equatable, Sendable {
    @usableFromInline package let reason: StreamEnd
    /// Whether the FIN or RST of this direction's sender was captured.
    @usableFromInline package let isCaptured: Bool
    /// Whether the last that was sent is not in the capture.
    @usableFromInline package let isBehindHole: Bool
    /// What its sender had seen of the peer when it ended, of all that was passed on before this end.
    @usableFromInline package let seen: SeenOfPeer
    /// What ended it, where that is neither a FIN nor a RST.
    @usableFromInline package let signal: StreamSignal?

    @usableFromInline
    package init(
        _ reason: StreamEnd, isCaptured: Bool, isBehindHole: Bool, seen: SeenOfPeer, signal: StreamSignal? = nil
    ) {
        self.reason = reason
        self.isCaptured = isCaptured
        self.isBehindHole = isBehindHole
        self.seen = seen
        self.signal = signal
    }

    /// What was acknowledged came before; what was not may have been sent at the same time.
    @usableFromInline
    package struct SeenOfPeer: OptionSet, Sendable {
        @usableFromInline package let rawValue: UInt8

        @usableFromInline
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Every byte.
        @usableFromInline package static let bytes = SeenOfPeer(rawValue: 1)
        /// The end, where there was one.
        @usableFromInline package static let end = SeenOfPeer(rawValue: 2)
    }
}
