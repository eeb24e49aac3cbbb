import TapBytes
import TapWebSocket

/// Follows how a connection comes to its end. RFC 6455 §7.1.
struct ClosingLog {
    private(set) var verdict = ConnectionClose()
    /// How TCP began to end, whoever ended it after that.
    private(set) var firstEnd: ConnectionClose.Sign?
    /// The packet of the first FIN or RST.
    private(set) var endedIn: PacketHeader?
    private var firstClose: (sender: Sender, time: Timestamp)?

    /// - Parameter lastActivity: when a frame was last complete.
    mutating func noteClose(
        _ body: CloseBody, from sender: Sender, at time: Timestamp, after lastActivity: Timestamp
    ) {
        noteSign(.close, from: sender, at: time, after: lastActivity)
        guard let first = firstClose else {
            firstClose = (sender, time)
            verdict.body = body
            return
        }
        guard first.sender != sender, !verdict.isClean else { return }
        verdict.isClean = true
        verdict.answerTime = time >= first.time ? time.since(first.time) : nil
    }

    mutating func noteEnd(
        _ sign: ConnectionClose.Sign, from sender: Sender, in packet: PacketHeader, after lastActivity: Timestamp
    ) {
        noteSign(sign, from: sender, at: packet.timestamp, after: lastActivity)
        if endedIn == nil { endedIn = packet }
        guard verdict.endedBySender == nil else { return }
        verdict.endedBySender = sender
        firstEnd = sign
    }

    /// Who sent the first close frame and had no answer.
    var unanswered: Sender? { verdict.isClean ? nil : firstClose?.sender }

    /// Whether there was a close frame.
    var isClosing: Bool { firstClose != nil }

    /// Whether a peer's close frame answers the other's.
    func isAnswer(of sender: Sender) -> Bool { firstClose.map { $0.sender != sender } ?? false }

    mutating func finish(_ cause: ConnectionClose.Cause) { verdict.endedBy = cause }

    /// The first sign decides.
    private mutating func noteSign(
        _ sign: ConnectionClose.Sign, from sender: Sender, at time: Timestamp, after lastActivity: Timestamp
    ) {
        guard verdict.sign == nil else { return }
        verdict.initiator = sender
        verdict.sign = sign
        verdict.idleTime = time >= lastActivity ? time.since(lastActivity) : nil
    }
}
