import TapBytes
import TapWebSocket

/// Follows how a connection comes to its end. RFC 6455 §7.1.
///
/// What is first is so by the capture, not by when it was decoded: frames behind lost bytes are found late.
struct ClosingLog {
    private(set) var verdict = ConnectionClose()
    /// How TCP began to end, whoever ended it after that.
    private(set) var firstEnd: ConnectionClose.Sign?
    /// The packet of the first FIN or RST.
    private(set) var endedIn: PacketHeader?
    private var firstClose: (sender: Sender, packet: PacketHeader)?
    /// The packet of the first sign.
    private var signedIn = PacketNumber(.max)

    /// - Parameter lastActivity: when a frame was last complete.
    mutating func noteClose(
        _ body: CloseBody, from sender: Sender, in packet: PacketHeader, after lastActivity: Timestamp
    ) {
        noteSign(.close, from: sender, in: packet, after: lastActivity)
        verdict.closers.insert(Sides(sender))
        guard let first = firstClose else {
            firstClose = (sender, packet)
            verdict.body = body
            return
        }
        guard first.sender != sender, !verdict.isClean else { return }
        verdict.isClean = true
        if packet.number < first.packet.number {
            firstClose = (sender, packet)
            verdict.body = body
            verdict.answerTime = max(0, first.packet.timestamp.since(packet.timestamp))
        } else {
            verdict.answerTime = max(0, packet.timestamp.since(first.packet.timestamp))
        }
    }

    mutating func noteEnd(
        _ sign: ConnectionClose.Sign, from sender: Sender, in packet: PacketHeader, after lastActivity: Timestamp
    ) {
        noteSign(sign, from: sender, in: packet, after: lastActivity)
        if endedIn == nil { endedIn = packet }
        guard verdict.endedBySender == nil else { return }
        verdict.endedBySender = sender
        firstEnd = sign
    }

    /// Who sent the first close frame and had no answer.
    var unanswered: Sender? { verdict.isClean ? nil : firstClose?.sender }

    /// Whether a peer's close frame answers the other's.
    func isAnswer(of sender: Sender) -> Bool { firstClose.map { $0.sender != sender } ?? false }

    mutating func finish(_ cause: ConnectionClose.Cause) { verdict.endedBy = cause }

    /// The first sign decides; in one packet a close frame comes before the FIN.
    private mutating func noteSign(
        _ sign: ConnectionClose.Sign, from sender: Sender, in packet: PacketHeader, after lastActivity: Timestamp
    ) {
        guard packet.number < signedIn || packet.number == signedIn && sign == .close && verdict.sign != .close
        else { return }
        let isLate = verdict.sign != nil
        signedIn = packet.number
        verdict.initiator = sender
        verdict.sign = sign
        // Of what was decoded late it is not known what came before.
        let idle = packet.timestamp.since(lastActivity)
        verdict.idleTime = isLate && idle < 0 ? nil : max(0, idle)
    }
}
