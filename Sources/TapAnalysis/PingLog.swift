import TapCore

/// The pings of one peer that wait for their pongs, and how the others were answered. RFC 6455 §5.5.2 and §5.5.3.
///
/// The first ping and its pong take no memory of their own: many connections have had no more.
struct PingLog {
    private enum State {
        case unused
        /// The first ping waits, and nothing else has come.
        case first(WaitingPing)
        /// The first ping was answered after that time, and nothing else has come; `nil` if the clock stepped back.
        case answered(after: Int64?)
        case further(FurtherPings)
    }

    private var state = State.unused

    var statistics: PingStatistics {
        if case .further(let pings) = state { return pings.statistics }
        var statistics = PingStatistics()
        switch state {
        case .unused, .further: break
        case .first: statistics.sent = 1
        case .answered(let time):
            statistics.sent = 1
            statistics.answered = 1
            if let time { statistics.roundTrips.add(time) }
        }
        return statistics
    }

    /// - Parameters:
    ///   - frame: the number of its frame.
    ///   - pongHeader: how long the header of its pong is.
    ///   - isJudged: whether its receiver must answer it, and the capture would show that.
    mutating func notePing(_ payload: [UInt8], at time: Timestamp, frame: Int, pongHeader: Int, isJudged: Bool) {
        let ping = WaitingPing(
            fingerprint: payload.hashValue, time: time, frame: UInt32(clamping: frame),
            pongLength: UInt8(clamping: pongHeader + payload.count), standing: isJudged ? .open : .settled)
        guard case .unused = state else { return further.note(ping) }
        state = .first(ping)
    }

    /// The other peer sent a pong. It answers the oldest ping with its payload; those before that one need no answer
    /// of their own any more.
    mutating func notePong(_ payload: [UInt8], at time: Timestamp) {
        let fingerprint = payload.hashValue
        guard case .first(let ping) = state, ping.fingerprint == fingerprint else {
            return further.notePong(fingerprint, at: time)
        }
        state = .answered(after: ping.roundTrip(until: time))
    }

    /// Whether there is a ping of which it is not known whether it is answered in time.
    var hasOpen: Bool {
        switch state {
        case .unused, .answered: false
        case .first(let ping): ping.standing == .open
        case .further(let pings): pings.hasOpen
        }
    }

    /// The other peer begins a frame of data.
    mutating func noteData(at time: Timestamp) {
        switch state {
        case .unused, .answered: break
        case .first(var ping):
            ping.noteData(at: time)
            state = .first(ping)
        case .further(let pings): pings.noteData(at: time)
        }
    }

    /// `count` bytes of the other peer are missing, and may hold a pong.
    mutating func noteMissingPongs(in count: Int) {
        switch state {
        case .unused, .answered: break
        case .first(var ping):
            ping.noteMissingPongs(count >= Int(ping.pongLength))
            state = .first(ping)
        case .further(let pings): pings.noteMissingPongs(in: count)
        }
    }

    /// Bytes of the peer that pings are missing, which may hold a ping.
    mutating func noteMissingPings() {
        switch state {
        case .unused, .answered: break
        case .first, .further: further.noteMissingPings()
        }
    }

    /// Nobody needs to answer from now on.
    /// - Parameter isOver: whether nobody can, either.
    mutating func close(at time: Timestamp, isOver: Bool) {
        switch state {
        case .unused, .answered: break
        case .first(var ping):
            ping.close(at: time, after: [], isOver: isOver)
            state = .first(ping)
        case .further(let pings): pings.close(at: time, isOver: isOver)
        }
    }

    /// The ping that should have been answered, once nothing more comes.
    var unanswered: UnansweredPing? {
        switch state {
        case .unused, .answered: nil
        case .first(let ping): UnansweredPing(in: [ping], otherPongs: 0)
        case .further(let pings): pings.unanswered
        }
    }

    /// What there is room for more in.
    private var further: FurtherPings {
        mutating get {
            if case .further(let pings) = state { return pings }
            let pings = FurtherPings(after: statistics)
            if case .first(let ping) = state { pings.wait(for: ping) }
            state = .further(pings)
            return pings
        }
    }
}
