import TapBytes
import TapWebSocket

/// The pings of one peer that wait for their pongs, and how the others were answered. RFC 6455 §5.5.2 and §5.5.3.
struct PingLog {
    private struct Waiting {
        /// Stands for the payload: of very many connections the payloads themselves would be much to keep.
        let fingerprint: Int
        let time: Timestamp
    }

    private(set) var statistics = PingStatistics()
    private var waiting: [Waiting] = []
    /// Pings that are remembered; a peer that answers none of so many will not.
    private static let mostWaiting = 64

    mutating func notePing(_ payload: [UInt8], at time: Timestamp) {
        statistics.sent += 1
        if waiting.count == PingLog.mostWaiting { waiting.removeFirst() }
        waiting.append(Waiting(fingerprint: payload.hashValue, time: time))
    }

    /// The other peer sent a pong. It answers the oldest ping with its payload; those before that one need no answer
    /// of their own any more.
    mutating func notePong(_ payload: [UInt8], at time: Timestamp) {
        guard !waiting.isEmpty else {
            statistics.unsolicitedPongs += 1
            return
        }
        let fingerprint = payload.hashValue
        guard let index = waiting.firstIndex(where: { $0.fingerprint == fingerprint }) else {
            statistics.strayPongs += 1
            return
        }
        statistics.answered += 1
        statistics.roundTrips.add(max(0, time.since(waiting[index].time)))
        waiting.removeSubrange(...index)
    }
}
