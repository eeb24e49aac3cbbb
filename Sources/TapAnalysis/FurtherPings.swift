import TapBytes

/// The pings of a peer that has sent several, or whose other peer sent pongs that answer none.
final class FurtherPings {
    private(set) var statistics: PingStatistics
    private var waiting: [PingLog.Waiting] = []
    /// Pings that are remembered; a peer that answers none of so many will not.
    private static let mostWaiting = 64

    init(after statistics: PingStatistics) { self.statistics = statistics }

    func note(_ ping: PingLog.Waiting) {
        statistics.sent += 1
        wait(for: ping)
    }

    /// Waits for the pong of a ping that was counted.
    func wait(for ping: PingLog.Waiting) {
        if waiting.count == FurtherPings.mostWaiting { waiting.removeFirst() }
        waiting.append(ping)
    }

    func notePong(_ fingerprint: Int, at time: Timestamp) {
        guard !waiting.isEmpty else {
            statistics.unsolicitedPongs += 1
            return
        }
        guard let index = waiting.firstIndex(where: { $0.fingerprint == fingerprint }) else {
            statistics.strayPongs += 1
            return
        }
        statistics.answered += 1
        if let duration = waiting[index].roundTrip(until: time) { statistics.roundTrips.add(duration) }
        waiting.removeSubrange(...index)
    }
}
