import TapBytes

/// The pings of one peer that wait for their pongs, and how the others were answered. RFC 6455 §5.5.2 and §5.5.3.
///
/// The first ping and its pong take no memory of their own: many connections have had no more.
struct PingLog {
    struct Waiting {
        /// Stands for the payload: of very many connections the payloads themselves would be much to keep.
        let fingerprint: Int
        let time: Timestamp

        /// How long the pong took; `nil` where the clock stepped back, so that nobody knows.
        func roundTrip(until pong: Timestamp) -> Int64? {
            let duration = pong.since(time)
            return duration >= 0 ? duration : nil
        }
    }

    private enum State {
        case unused
        /// The first ping waits, and nothing else has come.
        case first(Waiting)
        /// The first ping was answered after that time, and nothing else has come; `nil` where the clock stepped back.
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

    mutating func notePing(_ payload: [UInt8], at time: Timestamp) {
        let ping = Waiting(fingerprint: payload.hashValue, time: time)
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
