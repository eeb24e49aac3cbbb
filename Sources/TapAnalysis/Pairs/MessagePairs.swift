import TapCore

/// Finds the two legs of an exchange that a proxy passed on under another key, or over HTTP/2: by what was said on both.
///
/// It takes observations of all connections in their order, before anybody filters them, and says of connections that end which
/// other one they are a leg with. Legs are only compared where a proxy may have made one of the other: the first was asked at the
/// address from which the second asked, soon after. Where the masking keys are the same, too, that is certain. Where they are not,
/// it needs messages of both sides that took the way through the proxy, machines with addresses of their own, and that no third
/// connection fits: each connection knows all others that it may be a leg with, or that there may be more, and remembers of those that
/// ended whether they said the same.
package struct MessagePairs: ~Copyable {
    /// The most connections whose messages are compared at the same time.
    package static let limit = 4_096
    /// Connections that one may be a leg with.
    private static let mostOthers = 16

    private var legs = LegTable(limit: MessagePairs.limit)
    private var meetings = LegMeetings(limit: MessagePairs.mostOthers)
    /// Those that ended among too many, by their masking keys, for others that are still to end; and in the order of their ends.
    private var ended: [UInt64: [TracedLeg]] = [:]
    private var endings: [TracedLeg] = []
    /// The latest time of a handshake.
    private var now = Timestamp(nanoseconds: .min)
    /// The latest request time of a connection that is not followed, or may not have been followed to its end: old ones may be
    /// given up before.
    private var unfollowed = Timestamp(nanoseconds: .min)
    /// Handshakes until those are looked for that nobody can belong to any more.
    private var untilCleaning = MessagePairs.leastBetween
    private static let leastBetween = 64
    private var found = Summary()

    /// Payload of each frame that must be observed.
    package static let payload = MessageTrace.compared

    package init() {}

    /// Answers `nil` where nobody asks, or where too little is observed to compare anything.
    package init?(_ options: AnalysisOptions) {
        guard options.findsPairs, options.observesFrames, options.observesConnections,
            options.payloadLimit >= MessagePairs.payload
        else { return nil }
    }

    deinit { for leg in legs.all { leg.forget() } }

    package mutating func receive(_ observations: inout Observations) {
        for (index, pair) in pairs(in: observations) { observations.note(pair, ofConnectionAt: index) }
    }

    /// Those that ended connections belong to, and where these stand.
    private mutating func pairs(in observations: borrowing Observations) -> [(Int, LegPair)] {
        var pairs: [(Int, LegPair)] = []
        // By index: a loop over the observations themselves would copy each.
        let all = observations.all.span
        var traces = observations.traces[...]
        for index in all.indices {
            while let trace = traces.first, trace.place <= index {
                legs[trace.connection]?.take(trace)
                traces.removeFirst()
            }
            switch all[index] {
            // To look at one copies it.
            case .frame where legs.isEmpty: break
            case .frame(let frame): note(frame, of: observations)
            case .handshake(let handshake): begin(handshake)
            case .connection(let connection):
                guard let leg = legs[connection.number] else { continue }
                leg.end(connection)
                if leg.isOld(at: max(now, connection.closed)) { unfollowed = max(unfollowed, leg.asked) }
                if let pair = end(leg) { pairs.append((index, pair)) }
            case .message, .finding, .tls: break
            }
        }
        for trace in traces { legs[trace.connection]?.take(trace) }
        return pairs
    }

    /// Counts what was found.
    package func add(to summary: inout Summary) { summary.add(found) }

    private mutating func note(_ frame: borrowing Frame, of observations: borrowing Observations) {
        guard let leg = legs[frame.connection] else { return }
        if leg.others.isEmpty, !leg.isCrowded, leg.isOld(at: frame.time) { return giveUp(leg) }
        leg.note(frame, of: observations)
    }

    // MARK: Beginnings

    private mutating func begin(_ handshake: Handshake) {
        // A leg that was found by its key is looked at no further.
        if let other = handshake.pair?.connection, let leg = legs[other] { forget(leg) }
        guard handshake.opensConnection, handshake.pair == nil,
            !handshake.violations.contains(where: { $0.id == .captureDuplicated })
        else { return }
        let leg = TracedLeg(handshake)
        let isLate = leg.isLate || now.since(leg.begun) > TracedLeg.patience
        now = max(now, leg.begun)
        cleanSometimes()
        let isKnown = handshake.verdict.isOpeningSeen
        guard isKnown, makeRoom() else {
            unfollowed = max(unfollowed, leg.asked)
            return meetings.addUnknown(leg, at: now, isLimit: isKnown)
        }
        if isLate { linkLate(leg) }
        legs.insert(leg)
        meetings.add(leg, at: now)
    }

    /// Links a leg whose handshake came late: the legs that it may belong to began longer ago than those that are listed.
    private func linkLate(_ leg: TracedLeg) {
        let first = leg.asked.advanced(by: -TracedLeg.patience)
        if unfollowed >= first { leg.mayHaveMore = true }
        for other in legs.all where !other.isOver {
            // Whether an old one was given up makes no difference.
            if other.isOld(at: leg.begun) {
                if other.asked >= first { leg.mayHaveMore = true }
            } else if leg.mayLead(to: other) || other.mayLead(to: leg) {
                leg.link(other, limit: MessagePairs.mostOthers)
            }
        }
    }

    /// Lets go of one that nobody may belong to, though it is open.
    private mutating func giveUp(_ leg: TracedLeg) {
        unfollowed = max(unfollowed, leg.asked)
        forget(leg)
    }

    /// Whether there is room for one more, perhaps in place of one that ended long ago.
    private mutating func makeRoom() -> Bool {
        while legs.isFull, !endings.isEmpty { forget(endings.removeFirst()) }
        if legs.isFull { found.pairsGivenUp += 1 }
        return !legs.isFull
    }

    private mutating func cleanSometimes() {
        untilCleaning -= 1
        guard untilCleaning <= 0 else { return }
        for leg in legs.all where leg.others.isEmpty && !leg.isCrowded && leg.isOld(at: now) { giveUp(leg) }
        endings.removeAll { !$0.isWaiting }
        meetings.clean(at: now, keeping: 2 * MessagePairs.limit)
        untilCleaning = max(MessagePairs.leastBetween, min(legs.count, MessagePairs.limit - legs.count))
    }

    /// Lets go of a leg, and of those that only waited for it.
    private mutating func forget(_ leg: TracedLeg) {
        let others = leg.others
        leg.forget()
        legs.remove(leg)
        if leg.isWaiting {
            leg.isWaiting = false
            ended[leg.masks.all]?.removeAll { $0 === leg }
            if ended[leg.masks.all]?.isEmpty ?? false { ended.removeValue(forKey: leg.masks.all) }
        }
        for other in others { forgetIfDecided(other) }
    }

    /// Lets go of a leg that has ended, once every other one has that it may belong to.
    private mutating func forgetIfDecided(_ leg: TracedLeg) {
        if leg.end != nil, leg.others.isEmpty, !leg.isWaiting { forget(leg) }
    }

    // MARK: Ends

    private mutating func end(_ leg: TracedLeg) -> LegPair? {
        let certain = certain(leg)
        let others = leg.others
        let equal = leg.decide()
        defer { for other in others { forgetIfDecided(other) } }
        if certain.count == 1 { return pair(leg, certain[0]) }
        if let equal, certain.isEmpty {
            let (first, second) = equal.mayLead(to: leg) ? (equal, leg) : (leg, equal)
            if first.leads(to: second), leg.isOnlyOne(of: equal), !leg.isCrowded, !equal.isCrowded {
                return pair(leg, equal)
            }
        }
        if leg.isCrowded, !leg.isLocal { found.pairsGivenUp += 1 }
        if leg.isCrowded, leg.masks.isVaried {
            leg.isWaiting = true
            ended[leg.masks.all, default: []].append(leg)
            endings.append(leg)
        }
        forgetIfDecided(leg)
        return nil
    }

    /// Those that have ended and had the same masking keys.
    private func certain(_ leg: TracedLeg) -> [TracedLeg] {
        let linked = leg.others.filter { $0.hasMasks(of: leg) }
        guard leg.isCrowded, leg.masks.isVaried, let others = ended[leg.masks.all] else { return linked }
        let unlinked = others.filter { other in
            other.hasMasks(of: leg) && (other.mayLead(to: leg) || leg.mayLead(to: other))
                && !linked.contains { $0 === other }
        }
        return linked + unlinked
    }

    private mutating func pair(_ leg: TracedLeg, _ other: TracedLeg) -> LegPair {
        let (first, second) = other.mayLead(to: leg) ? (other, leg) : (leg, other)
        found.noteSecondLeg(second.id, of: first.id)
        // It was counted when it ended alone.
        if other.isWaiting, !other.isLocal { found.pairsGivenUp -= 1 }
        forget(leg)
        forget(other)
        return first.pair(with: second, asSeenBy: leg.connection)
    }
}
