import TapBytes
import TapWebSocket

/// Follows how a connection comes to its end. RFC 6455 §7.1.
///
/// Frames are decoded in the order of TCP, whatever the order of packets in the capture; only those that were found behind
/// lost bytes are late, and of these the packets decide.
struct ClosingLog {
    private(set) var verdict = ConnectionClose()
    /// How TCP began to end, whoever ended it after that.
    private(set) var firstEnd: ConnectionClose.Sign?
    /// The packet of the first FIN or RST.
    private(set) var endedIn: PacketHeader?
    private var firstClose: (sender: Sender, packet: PacketHeader)?
    /// The packet of the first sign.
    private var signedIn = PacketNumber(.max)

    /// - Parameters:
    ///   - isFoundLate: whether it was found behind lost bytes.
    ///   - lastActivity: when a frame was last complete.
    mutating func noteClose(
        _ body: CloseBody, from sender: Sender, in packet: PacketHeader, isFoundLate: Bool,
        after lastActivity: Timestamp
    ) {
        noteSign(.close, from: sender, in: packet, isFoundLate: isFoundLate, after: lastActivity)
        verdict.closers.insert(Sides(sender))
        guard let first = firstClose else {
            firstClose = (sender, packet)
            verdict.body = body
            return
        }
        guard first.sender != sender, !verdict.isClean else { return }
        verdict.isClean = true
        let isFirst = isFoundLate && packet.number < first.packet.number
        let (earlier, later) = isFirst ? (packet, first.packet) : (first.packet, packet)
        if isFirst {
            firstClose = (sender, packet)
            verdict.body = body
        }
        verdict.answerTime = later.timestamp.elapsed(since: earlier.timestamp)
    }

    mutating func noteEnd(
        _ sign: ConnectionClose.Sign, from sender: Sender, in packet: PacketHeader, after lastActivity: Timestamp
    ) {
        noteSign(sign, from: sender, in: packet, isFoundLate: false, after: lastActivity)
        // It is known for certain only once the peer has acknowledged it, and what waited behind a hole comes late.
        if let first = firstClose, first.sender != sender, !verdict.isClean,
            packet.timestamp < first.packet.timestamp
        {
            (verdict.initiator, verdict.sign) = (sender, sign)
        }
        guard endedIn.map({ packet.number < $0.number }) ?? true else { return }
        if endedIn != nil, firstClose == nil { (verdict.initiator, verdict.sign) = (sender, sign) }
        endedIn = packet
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

    /// The first sign decides; in one packet a close frame comes before the FIN.
    private mutating func noteSign(
        _ sign: ConnectionClose.Sign, from sender: Sender, in packet: PacketHeader, isFoundLate: Bool,
        after lastActivity: Timestamp
    ) {
        let isEarlier =
            packet.number < signedIn || packet.number == signedIn && sign == .close && verdict.sign != .close
        guard verdict.sign == nil || isFoundLate && isEarlier else { return }
        signedIn = packet.number
        verdict.initiator = sender
        verdict.sign = sign
        verdict.idleTime = packet.timestamp.elapsed(since: lastActivity)
    }
}
