import TapWebSocket

/// A ping that was not answered though there was time, as far as the capture shows, and what came in place of a pong.
struct UnansweredPing {
    /// The first of them, and whether other data came after it rather than further pings.
    let frame: UInt32
    let isOvertaken: Bool
    /// How many there are, with those that came after it.
    let count: Int
    /// Pongs with other bytes, which may be a heartbeat.
    let otherPongs: UInt64

    /// The first of some pings that is.
    init?(in waiting: [WaitingPing], otherPongs: UInt64) {
        let unanswered = waiting.filter { $0.standing == .overtaken || $0.standing == .repeated }
        guard let first = unanswered.first else { return nil }
        frame = first.frame
        isOvertaken = first.standing == .overtaken
        count = unanswered.count
        self.otherPongs = otherPongs
    }

    /// - Parameter receiver: who owes the pong.
    func violation(by receiver: Sender) -> Violation {
        let peer = receiver.rawValue
        let instead =
            isOvertaken
            ? "though the \(peer) sent other data at least five seconds later"
            : "nor were three pings that came after it"
        let others = otherPongs > 0 ? "; what came are pongs with other bytes" : ""
        return Violation(
            .pingUnanswered, by: receiver, "the ping of frame \(frame) was not answered, \(instead)\(others)",
            [
                Evidence("first_frame", .number(UInt64(frame))), Evidence("pings", .number(UInt64(count))),
                Evidence("other_pongs", .number(otherPongs)),
            ])
    }
}
