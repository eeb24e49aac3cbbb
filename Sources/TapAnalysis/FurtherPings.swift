import TapCore

/// The pings of a peer that has sent several, or whose other peer sent pongs that answer none.
final class FurtherPings {
    private(set) var statistics: PingStatistics
    private var waiting: [WaitingPing] = []
    /// The last pong that answers none.
    private var otherPong: (fingerprint: Int, time: Timestamp)?
    /// Such pongs since a ping was answered.
    private var otherPongs: UInt64 = 0
    /// Whether a ping may be missing that came after one that waits: a pong may be its answer, and cover that one.
    private var isPingMissing = false
    /// Whether there was a pong while pings have waited.
    private var hasPong = false
    /// Pings that are remembered; a peer that answers none of so many will not.
    private static let mostWaiting = 64
    /// Packets that a capture has in the wrong order lie less apart: a second.
    private static let disorder: Int64 = 1_000_000_000

    init(after statistics: PingStatistics) { self.statistics = statistics }

    func note(_ ping: WaitingPing) {
        statistics.sent += 1
        wait(for: ping)
        // The pong that stands before it may be its own: a capture does not always keep the order of two directions.
        if let otherPong, otherPong.fingerprint == ping.fingerprint,
            ping.time.since(otherPong.time) < FurtherPings.disorder
        {
            settle()
        }
    }

    /// Waits for the pong of a ping that was counted.
    func wait(for ping: WaitingPing) {
        if waiting.count == FurtherPings.mostWaiting { waiting.removeFirst() }
        waiting.append(ping)
    }

    func notePong(_ fingerprint: Int, at time: Timestamp) {
        guard let index = waiting.firstIndex(where: { $0.fingerprint == fingerprint }) else {
            return noteOtherPong(fingerprint, at: time)
        }
        statistics.answered += 1
        if let duration = waiting[index].roundTrip(until: time) { statistics.roundTrips.add(duration) }
        otherPongs = 0
        // Of several with the same payload, it may be the last one's answer, and the only one.
        let last = waiting.lastIndex { $0.fingerprint == fingerprint } ?? index
        for covered in index...last { waiting[covered].standing = .settled }
        waiting.removeSubrange(...index)
        notePongWhileWaiting()
    }

    private func noteOtherPong(_ fingerprint: Int, at time: Timestamp) {
        otherPong = (fingerprint, time)
        if waiting.isEmpty {
            statistics.unsolicitedPongs += 1
        } else {
            statistics.strayPongs += 1
            otherPongs += 1
            notePongWhileWaiting()
        }
    }

    private func notePongWhileWaiting() {
        hasPong = !waiting.isEmpty
        if waiting.isEmpty { isPingMissing = false }
        settleWhereUncertain()
    }

    /// Bytes of the peer that pings are missing.
    func noteMissingPings() {
        isPingMissing = true
        settleWhereUncertain()
    }

    private func settleWhereUncertain() {
        guard isPingMissing, hasPong else { return }
        settle()
    }

    private func settle() {
        for index in waiting.indices { waiting[index].standing = .settled }
    }

    var hasOpen: Bool { waiting.contains { $0.standing == .open } }

    func noteData(at time: Timestamp) {
        for index in waiting.indices { waiting[index].noteData(at: time) }
    }

    func noteMissingPongs(in count: Int) {
        var mayHoldPong = false
        // The pong of a later ping covers this one, too.
        for index in waiting.indices.reversed() {
            mayHoldPong = mayHoldPong || count >= Int(waiting[index].pongLength)
            waiting[index].noteMissingPongs(mayHoldPong)
        }
    }

    func close(at time: Timestamp, isOver: Bool) {
        for index in waiting.indices {
            waiting[index].close(at: time, after: waiting[(index + 1)...], isOver: isOver)
        }
    }

    var unanswered: UnansweredPing? { UnansweredPing(in: waiting, otherPongs: otherPongs) }
}
