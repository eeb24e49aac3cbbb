import TapCore
import TapWebSocket

/// Follows how a connection comes to its end. RFC 6455 §7.1.
///
/// What comes first is decided by the order of TCP, in which frames mostly come here; those that were found behind lost
/// bytes are late.
struct ClosingLog {
    private(set) var verdict = ConnectionClose()
    /// How TCP began to end, whoever ended it after that.
    private var firstEnd: ConnectionClose.Sign?
    /// Who ended TLS before anybody ended TCP.
    private var tlsEnder: Sender?
    /// The packet of the first FIN, RST, or what a stream has in their place.
    private(set) var endedIn: PacketHeader?
    /// Whether a FIN that is not in the capture, but was acknowledged, came before any other.
    private var isFirstEndLost = false
    private(set) var firstClose: Close?
    /// Where in the order of TCP the first sign came.
    private var signedAt = UInt32.max

    struct Close {
        let sender: Sender
        let packet: PacketHeader
        /// The frame's number.
        let frame: Int
        let arrival: UInt32
    }

    /// - Parameters:
    ///   - frame: its number.
    ///   - arrival: where in the order of TCP it came.
    ///   - lastActivity: when a frame was last complete.
    mutating func noteClose(
        _ body: CloseBody, frame: Int, from sender: Sender, in packet: PacketHeader, arrival: UInt32,
        after lastActivity: Timestamp
    ) {
        noteSign(.close, from: sender, in: packet, arrival: arrival, after: lastActivity)
        verdict.closers.insert(Sides(sender))
        let close = Close(sender: sender, packet: packet, frame: frame, arrival: arrival)
        guard let first = firstClose else {
            firstClose = close
            verdict.body = body
            return
        }
        guard first.sender != sender, !verdict.isClean else { return }
        verdict.isClean = true
        let isFirst = arrival < first.arrival
        let (earlier, later) = isFirst ? (close, first) : (first, close)
        if isFirst {
            firstClose = close
            verdict.body = body
        }
        verdict.answerTime = later.packet.timestamp.elapsed(since: earlier.packet.timestamp)
    }

    /// A peer that ends TLS says so before it ends TCP, and the other one may end TCP first. Returns whether that is the first
    /// sign of the end.
    mutating func noteTLSEnd(
        by sender: Sender, in packet: PacketHeader, arrival: UInt32, after lastActivity: Timestamp
    ) -> Bool {
        guard tlsEnder == nil, firstEnd == nil, !isFirstEndLost else { return false }
        tlsEnder = sender
        noteSign(.closeNotify, from: sender, in: packet, arrival: arrival, after: lastActivity)
        return verdict.sign == .closeNotify
    }

    /// Of what two peers had not seen of each other the packets decide.
    mutating func noteEnd(
        _ end: DirectionEnd, from sender: Sender, in packet: PacketHeader, arrival: UInt32,
        after lastActivity: Timestamp
    ) {
        guard end.isCaptured else {
            isFirstEndLost = firstEnd == nil
            return
        }
        let sign = ConnectionClose.Sign(end)
        if case .reset(let frame, let code) = end.signal, verdict.resetCode == nil {
            verdict.resetCode = HTTP2ErrorCode(code)
            verdict.resetFrame = frame.rawValue
        }
        guard !isFirstEndLost else {
            (firstEnd, endedIn) = (sign, packet)
            return
        }
        noteSign(sign, from: sender, in: packet, arrival: arrival, after: lastActivity)
        if let first = firstClose, first.sender != sender, !verdict.isClean, !end.seen.contains(.bytes),
            packet.number < first.packet.number
        {
            (verdict.initiator, verdict.sign, verdict.begun) = (sender, sign, packet.timestamp)
        }
        guard endedIn.map({ !end.seen.contains(.end) && packet.number < $0.number }) ?? true else { return }
        if endedIn != nil, firstClose == nil, tlsEnder == nil {
            (verdict.initiator, verdict.sign, verdict.begun) = (sender, sign, packet.timestamp)
        }
        endedIn = packet
        verdict.endedBySender = sender
        firstEnd = sign
    }

    /// Who ended the connection or the stream before the other peer, and by what; once it has ended.
    var ender: (sender: Sender, sign: ConnectionClose.Sign)? {
        guard let sender = verdict.endedBySender else { return nil }
        return tlsEnder.map { ($0, .closeNotify) } ?? (sender, firstEnd ?? .fin)
    }

    /// Who sent the first close frame and had no answer.
    var unanswered: Sender? { verdict.isClean ? nil : firstClose?.sender }

    /// Whether there was a close frame.
    var isClosing: Bool { firstClose != nil }

    /// Whether a peer's close frame answers the other's.
    func isAnswer(of sender: Sender) -> Bool { firstClose.map { $0.sender != sender } ?? false }

    /// - Parameters:
    ///   - cause: how the connection of TCP ended; a stream may have ended before it.
    ///   - goAway: the GOAWAY before that. The end follows from it where it is that of the stream, or of who ended TCP too; one
    ///     that lets the stream go on does not excuse the other peer.
    mutating func finish(_ cause: ConnectionClose.Cause, after goAway: GoAway?) {
        verdict.endedBy = firstEnd.flatMap(ConnectionClose.Cause.init(ofStream:)) ?? cause
        guard let goAway, goAway.endsStream || ender?.sender == goAway.sender,
            verdict.endedBy == .fin || verdict.endedBy == .rst
        else { return }
        verdict.endedBy = .goAway
        verdict.endedBySender = goAway.sender
        (firstEnd, tlsEnder) = (.goAway, nil)
        guard firstClose == nil else { return }
        (verdict.initiator, verdict.sign) = (goAway.sender, .goAway)
    }

    private mutating func noteSign(
        _ sign: ConnectionClose.Sign, from sender: Sender, in packet: PacketHeader, arrival: UInt32,
        after lastActivity: Timestamp
    ) {
        guard arrival < signedAt else { return }
        signedAt = arrival
        verdict.initiator = sender
        verdict.sign = sign
        verdict.begun = packet.timestamp
        verdict.idleTime = packet.timestamp.elapsed(since: lastActivity)
    }
}

extension ConnectionClose.Cause {
    /// `nil` where it is not the stream that ended.
    fileprivate init?(ofStream sign: ConnectionClose.Sign) {
        switch sign {
        case .endStream: self = .endStream
        case .resetStream: self = .resetStream
        case .connectionClose: self = .connectionClose
        case .close, .fin, .rst, .goAway, .closeNotify: return nil
        }
    }
}

extension ConnectionClose.Sign {
    fileprivate init(_ end: DirectionEnd) {
        self =
            switch end.signal {
            case .endStream: .endStream
            case .reset: .resetStream
            case .connectionClose: .connectionClose
            case nil: end.reason == .reset ? .rst : .fin
            }
    }
}

/// That a peer had sent GOAWAY before a connection ended. RFC 9113 §6.8.
struct GoAway {
    let sender: Sender
    /// Whether it ends a stream: after an error that is so for all, else for those that it leaves out. The others may go on.
    let endsStream: Bool
}
