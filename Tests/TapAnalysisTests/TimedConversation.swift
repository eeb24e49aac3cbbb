import TapAnalysis
import TapTestSupport
import TapWebSocket

/// A conversation with pauses between its packets, which are a millisecond apart otherwise.
struct TimedConversation {
    var conversation: Conversation
    private var pauses: [Int: Int64] = [:]

    init(_ conversation: Conversation = .upgraded()) { self.conversation = conversation }

    /// Waits for so many nanoseconds on top of the millisecond.
    mutating func wait(_ nanoseconds: Int64) { pauses[conversation.segments.count, default: 0] += nanoseconds }

    mutating func send(_ frame: FrameBytes, from sender: Sender) { conversation.send(frame, from: sender) }

    /// Sends a frame that is not acknowledged on its own, so that the next packet comes a millisecond later.
    mutating func sendAlone(_ frame: FrameBytes, from sender: Sender) {
        conversation.send(frame.sent(by: sender).bytes, from: sender, isAcknowledged: false)
    }

    func packets(firstNumber: UInt64 = 1) -> [CapturedPacket] {
        var delay: Int64 = 0
        return conversation.segments.packets(firstNumber: firstNumber).enumerated().map { index, packet in
            delay += pauses[index] ?? 0
            return packet.with(delay: delay)
        }
    }

    func observed(_ options: AnalysisOptions = AnalysisOptions()) -> Observed { Observed(packets(), options) }
}
