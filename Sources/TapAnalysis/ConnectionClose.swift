import TapCore
import TapWebSocket

/// How a connection ended, and whose doing that was.
public struct ConnectionClose: Equatable, Sendable, Codable {
    /// What ended the TCP connection, or the stream of HTTP/2 or HTTP/3.
    public enum Cause: String, Sendable, CaseIterable, Codable {
        case fin
        case rst
        case endStream = "end_stream"
        case resetStream = "rst_stream"
        case goAway = "goaway"
        case connectionClose = "quic_close"
        case captureEnd = "capture_end"
        case evicted

        /// Whether a peer ended it.
        public var isEnd: Bool {
            switch self {
            case .fin, .rst, .endStream, .resetStream, .goAway, .connectionClose: true
            case .captureEnd, .evicted: false
            }
        }
    }

    /// The first sign of the end.
    public enum Sign: String, Sendable, CaseIterable, Codable {
        case close
        case fin
        case rst
        case endStream = "end_stream"
        case resetStream = "rst_stream"
        case goAway = "goaway"
        case closeNotify = "close_notify"
        case connectionClose = "quic_close"

        /// As the specifications write it.
        public var name: String {
            switch self {
            case .close: "a close frame"
            case .fin: "FIN"
            case .rst: "RST"
            case .endStream: "END_STREAM"
            case .resetStream: "RST_STREAM"
            case .goAway: "GOAWAY"
            case .closeNotify: "close_notify"
            case .connectionClose: "CONNECTION_CLOSE"
            }
        }
    }

    /// Who sent the first close frame, or ended the connection or stream without one.
    public var initiator: Sender?
    /// Which of them that was.
    public var sign: Sign?
    /// When that came.
    public var begun: Timestamp?
    /// How long nothing had been exchanged before it, in nanoseconds; `nil` where the clock stepped back.
    public var idleTime: Int64?
    /// Who sent the first FIN or RST, or what a stream of HTTP/2 has in their place.
    public var endedBySender: Sender?
    /// The code of the first frame by which a peer gave the stream up. RFC 9113 §7, RFC 9114 §8.1.
    public var resetCode: HTTP2ErrorCode?
    /// The name of that frame: `RST_STREAM`, of QUIC `RESET_STREAM` or `STOP_SENDING`.
    public var resetFrame: String?
    /// What the first close frame said.
    public var body: CloseBody?
    /// How long the answer to the first close frame took, in nanoseconds; `nil` where there was none, or where the
    /// clock stepped back.
    public var answerTime: Int64?
    /// Whether both peers sent a close frame. RFC 6455 §7.1.4.
    public var isClean = false
    public var endedBy = Cause.captureEnd
    /// The peers of which the capture holds all that they sent: only of these is known what they did not send.
    public var whole = Sides.both
    /// The peers of which a close frame was seen.
    public var closers: Sides = []
    /// Whether its end would have been seen.
    public var isEndKnown = true

    public init() {}

    /// A sign as the specifications write it.
    public func name(of sign: Sign) -> String { sign == .resetStream ? resetFrame ?? sign.name : sign.name }

    /// Whether a peer sent no close frame, as far as the capture goes.
    public func isWithoutClose(_ sender: Sender) -> Bool { whole.contains(sender) && !closers.contains(sender) }

    /// Whether no peer sent a close frame.
    public var isWithoutClose: Bool { body == nil && isWithoutClose(.client) && isWithoutClose(.server) }

    /// Who had a close frame to answer, and none was seen.
    public var answerer: Sender? {
        guard body != nil, !isClean else { return nil }
        return closers == .client ? .server : closers == .server ? .client : initiator?.peer
    }

    /// Whether one peer at least sent no close frame. Where bytes are missing the end may be neither clean nor unclean.
    public var isUnclean: Bool {
        guard !isClean else { return false }
        guard body == nil else { return answerer.map { isWithoutClose($0) } ?? false }
        return isWithoutClose(.client) || isWithoutClose(.server)
    }

    /// What the end of a connection means to those who used it.
    public enum Outcome: String, CaseIterable, Sendable, Codable {
        /// A closing handshake that says that all is well: 1000, 1001, or no code.
        case normal
        /// Any other code: something failed.
        case failed
        /// A code of the application's own, 3000 to 4999.
        case application
        /// TCP ended, or the stream, and nobody had sent a close frame.
        case cut
        /// The connection goes on where the capture ends.
        case open

        /// What a close frame with this code means.
        public init(code: CloseCode?) {
            switch code?.rawValue {
            case nil, 1000?, 1001?: self = .normal
            case (3000...4999)?: self = .application
            case _?: self = .failed
            }
        }
    }

    /// Judged by the code of the first close frame; `nil` where that may be among missing bytes.
    public var outcome: Outcome? {
        guard let body else {
            guard isWithoutClose else { return nil }
            return hasEnded ? .cut : endedBy == .captureEnd && isEndKnown ? .open : nil
        }
        return Outcome(code: body.code)
    }

    /// Whether the connection came to its end in any way that the capture shows.
    public var hasEnded: Bool { sign != nil || endedBy.isEnd }
}
