import TapCore

/// Finds the two legs of an exchange that a proxy passed on under another key, or over HTTP/2: by what was said on both.
///
/// It takes observations of all connections in their order, before anybody filters them, and says of connections that end which
/// other one they are a leg with. Legs are only compared where a proxy may have made one of the other: the first was asked at the
/// address from which the second asked, soon after. Where the masking keys are the same, too, that is certain. Where they are not,
/// it needs messages of both sides that took the way through the proxy, machines with addresses of their own, and that no third
/// connection fits.
package struct MessagePairs {
    /// How long after the first leg the second is asked for, in nanoseconds.
    private static let patience: Int64 = 1_000_000_000
    /// Connections of which what is said is compared at once.
    package static let limit = 4_096
    /// Connections that one may be a leg with.
    private static let mostOthers = 16

    private var legs: [Int: TracedLeg] = [:]
    /// Those that were asked for a short while ago, the earliest first.
    private var young: [Int] = []
    private var clients: [IPAddress: [Int]] = [:]
    private var servers: [IPAddress: [Int]] = [:]
    private var found: [(first: ConnectionID, second: ConnectionID)] = []
    private var dropped = 0

    /// Payload of each frame that must be observed.
    package static let payload = MessageTrace.compared

    /// Answers `nil` where too little is observed to compare anything.
    package init?(_ options: AnalysisOptions) {
        guard options.observesFrames, options.observesConnections, options.payloadLimit >= MessagePairs.payload
        else { return nil }
    }

    package mutating func receive(_ observations: inout Observations) {
        for (index, pair) in pairs(in: observations) { observations.note(pair, ofConnectionAt: index) }
    }

    /// Those that ended connections belong to, and where these stand.
    private mutating func pairs(in observations: borrowing Observations) -> [(Int, LegPair)] {
        var pairs: [(Int, LegPair)] = []
        // By index: a loop over the observations themselves would copy each.
        let all = observations.all.span
        for index in all.indices {
            if let pair = note(all[index], of: observations) { pairs.append((index, pair)) }
        }
        return pairs
    }

    /// Counts what was found.
    package func add(to summary: inout Summary) {
        for pair in found { summary.noteSecondLeg(pair.second, of: pair.first) }
        summary.pairsGivenUp += dropped
    }

    private mutating func note(
        _ observation: borrowing Observation, of observations: borrowing Observations
    ) -> LegPair? {
        switch observation {
        case .frame(let frame):
            if !legs.isEmpty { legs[frame.connection]?.note(frame, of: observations) }
        case .handshake(let handshake): begin(handshake)
        case .connection(let connection):
            guard !legs.isEmpty, legs[connection.number] != nil else { return nil }
            legs[connection.number]?.end(connection)
            return end(connection.number)
        case .message, .finding, .tls: break
        }
        return nil
    }

    // MARK: Beginnings

    private mutating func begin(_ handshake: Handshake) {
        // A leg that was found by its key is looked at no further.
        if let other = handshake.pair?.connection { remove(other) }
        guard let leg = TracedLeg(handshake) else { return }
        ageAll(at: leg.asked)
        guard legs.count < MessagePairs.limit else {
            dropped += 1
            return
        }
        let number = leg.connection
        legs[number] = leg
        for other in servers[leg.client.address] ?? [] { link(other, number) }
        for other in clients[leg.server.address] ?? [] { link(number, other) }
        young.append(number)
        clients[leg.client.address, default: []].append(number)
        servers[leg.server.address, default: []].append(number)
    }

    private mutating func link(_ first: Int, _ second: Int) {
        guard let one = legs[first], let other = legs[second], one.mayLead(to: other, within: MessagePairs.patience),
            !one.others.contains(second)
        else { return }
        guard one.others.count < MessagePairs.mostOthers, other.others.count < MessagePairs.mostOthers else {
            dropped += 1
            return
        }
        legs[first]?.others.append(second)
        legs[second]?.others.append(first)
    }

    /// Lets go of those that no other may be a leg with any more.
    private mutating func ageAll(at time: Timestamp) {
        var count = 0
        for number in young {
            if let leg = legs[number], time.since(leg.asked).magnitude <= MessagePairs.patience.magnitude { break }
            count += 1
        }
        guard count > 0 else { return }
        for number in young.prefix(count) {
            guard let leg = legs[number] else { continue }
            forget(leg)
            if leg.others.isEmpty { legs.removeValue(forKey: number) }
        }
        young.removeFirst(count)
    }

    /// Takes a leg out of those by whose addresses others are found.
    private mutating func forget(_ leg: TracedLeg) {
        func remove(_ address: IPAddress, _ table: inout [IPAddress: [Int]]) {
            table[address]?.removeAll { $0 == leg.connection }
            if table[address]?.isEmpty ?? false { table.removeValue(forKey: address) }
        }
        remove(leg.client.address, &clients)
        remove(leg.server.address, &servers)
    }

    private mutating func remove(_ number: Int) {
        guard let leg = legs.removeValue(forKey: number) else { return }
        forget(leg)
        for other in leg.others { removeIfDecided(other) }
    }

    /// Lets go of a leg that has ended, once every other one has that it may belong to.
    private mutating func removeIfDecided(_ number: Int) {
        guard let leg = legs[number], leg.end != nil, !leg.others.contains(where: { isOpen($0) }) else { return }
        legs.removeValue(forKey: number)
        forget(leg)
    }

    private func isOpen(_ number: Int) -> Bool { legs[number].map { $0.end == nil } ?? false }

    // MARK: Ends

    private mutating func end(_ number: Int) -> LegPair? {
        guard let leg = legs[number] else { return nil }
        let equal = leg.others.compactMap { legs[$0] }.filter { $0.saysAll(of: leg) }
        let certain = equal.filter { $0.hasMasks(of: leg) }
        if let other = certain.count == 1 ? certain[0] : equal.count == 1 ? equal[0] : nil {
            let (first, second) = other.mayLead(to: leg, within: MessagePairs.patience) ? (other, leg) : (leg, other)
            if certain.count == 1 || first.leads(to: second, within: MessagePairs.patience) && !hasThird(first, second)
            {
                found.append((first.id, second.id))
                remove(first.connection)
                remove(second.connection)
                return first.pair(with: second, asSeenBy: number)
            }
        }
        for other in leg.others { removeIfDecided(other) }
        removeIfDecided(number)
        return nil
    }

    /// Whether another connection may be a leg with either of them.
    private func hasThird(_ first: TracedLeg, _ second: TracedLeg) -> Bool {
        (first.others + second.others).contains { number in
            guard number != first.connection, number != second.connection, let third = legs[number] else {
                return false
            }
            return third.mayBeSaid(on: first)
        }
    }
}
