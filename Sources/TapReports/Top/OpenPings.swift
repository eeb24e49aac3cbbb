import TapAnalysis
import TapCore
import TapWebSocket

/// The pings of a connection that wait for their pongs: the latest few of either peer.
struct OpenPings: Sendable {
    private static let limit = 8

    private var waiting: [(sender: Sender, payload: [UInt8], time: Timestamp)] = []

    /// Follows a control frame.
    /// - Returns: where it answers a ping, how long that took, in nanoseconds.
    mutating func note(_ frame: Frame, _ payload: ArraySlice<UInt8>) -> Int64? {
        if frame.header.opcode == .ping {
            if waiting.count == OpenPings.limit { waiting.removeFirst() }
            waiting.append((frame.sender, Array(payload), frame.time))
        } else if frame.header.opcode == .pong,
            let index = waiting.firstIndex(where: { $0.sender != frame.sender && $0.payload == Array(payload) })
        {
            let time = frame.time.since(waiting[index].time)
            waiting.removeSubrange(...index)
            return time >= 0 ? time : nil
        }
        return nil
    }
}
