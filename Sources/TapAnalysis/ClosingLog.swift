import TapBytes
import TapWebSocket

/// Follows how a connection comes to its end. RFC 6455 §7.1.
struct ClosingLog {
    private(set) var verdict = ConnectionClose()
    /// How TCP began to end, whoever ended it after that.
    private(set) var firstEnd: ConnectionClose.Sign?
    private var firstClose: (sender: Sender, time: Timestamp)?
    /// When a frame was last complete.
    private var lastActivity: Timestamp

    init(openedAt time: Timestamp) { lastActivity = time }

    mutating func noteActivity(at time: Timestamp) { if lastActivity < time { lastActivity = time } }

    mutating func noteClose(_ body: CloseBody, from sender: Sender, at time: Timestamp) {
        noteSign(.close, from: sender, at: time)
        guard let first = firstClose else {
            firstClose = (sender, time)
            verdict.body = body
            return
        }
        guard first.sender != sender, !verdict.isClean else { return }
        verdict.isClean = true
        verdict.answerTime = max(0, time.since(first.time))
    }

    mutating func noteEnd(_ sign: ConnectionClose.Sign, from sender: Sender, at time: Timestamp) {
        noteSign(sign, from: sender, at: time)
        guard verdict.endedBySender == nil else { return }
        verdict.endedBySender = sender
        firstEnd = sign
    }

    /// Who sent the first close frame and had no answer.
    var unanswered: Sender? { verdict.isClean ? nil : firstClose?.sender }

    /// Whether a peer's close frame answers the other's.
    func isAnswer(of sender: Sender) -> Bool { firstClose.map { $0.sender != sender } ?? false }

    mutating func finish(_ cause: ConnectionClose.Cause) { verdict.endedBy = cause }

    /// The first sign decides.
    private mutating func noteSign(_ sign: ConnectionClose.Sign, from sender: Sender, at time: Timestamp) {
        guard verdict.sign == nil else { return }
        verdict.initiator = sender
        verdict.sign = sign
        verdict.idleTime = max(0, time.since(lastActivity))
    }
}
