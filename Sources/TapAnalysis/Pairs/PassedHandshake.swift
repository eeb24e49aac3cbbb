import TapCore

/// A handshake that a proxy passed on under the same key, and what it became.
struct PassedHandshake {
    /// Both legs, as their handshakes begin.
    let first: NotedHandshake
    let second: NotedHandshake

    /// Proxies leave the beginning of TCP's numbers to their system; those that translate addresses keep them.
    private static let copyDistance = 1 << 16

    /// Answers `nil` where they are not two legs of one exchange, as far as the capture shows.
    init?(_ one: NotedHandshake, _ other: NotedHandshake) {
        guard let key = one.start.key, let otherKey = other.start.key, key.isRandom, key.hasText(of: otherKey),
            let request = one.start.requestPacket, let otherRequest = other.start.requestPacket
        else { return nil }
        (first, second) = request.rawValue < otherRequest.rawValue ? (one, other) : (other, one)
        guard isBetweenOthers, isNested, !mayBeCopy else { return nil }
    }

    /// Whether the second was asked and answered while the first waited for its answer.
    private var isNested: Bool {
        guard let answer = first.start.responsePacket?.rawValue else { return true }
        guard let request = second.start.requestPacket?.rawValue, request < answer else { return false }
        return second.start.responsePacket.map { $0.rawValue < answer } ?? true
    }

    /// Whether they may be a proxy's: it asks another server than itself, and as itself. A client that sends the same key to several
    /// servers is none.
    private var isBetweenOthers: Bool {
        guard let server = first.start.key?.server, let further = second.start.key?.server, server != further,
            first.start.client != second.start.client
        else { return false }
        return first.start.client.address != second.start.client.address
            || first.start.client.address == server.address
    }

    /// Whether they may be the same packets before and behind an address translation.
    private var mayBeCopy: Bool {
        first.start.flow.key == second.start.flow.key
            || abs(first.start.flow.initial.distance(to: second.start.flow.initial)) < PassedHandshake.copyDistance
    }

    /// The pair as one of both sees it.
    func pair(of number: Int) -> LegPair {
        let ofFirst = LegPair(
            connection: second.connection, connectionID: second.id, evidence: .key, leg: .first,
            delay: second.start.requestTime.elapsed(since: first.start.requestTime), answerDelay: answerDelay,
            requestChanges: HeadChanges(from: first.start.request, to: second.start.request),
            responseChanges: HeadChanges(from: second.start.response, to: first.start.response))
        return number == first.connection ? ofFirst : ofFirst.mirrored(of: first.connection, first.id)
    }

    private var answerDelay: Int64? {
        guard let time = first.start.response?.time, let earlier = second.start.response?.time else { return nil }
        return time.elapsed(since: earlier)
    }
}

/// A handshake that later ones are compared with.
struct NotedHandshake: Sendable {
    let start: ConnectionStart
    let connection: Int
    let id: ConnectionID
    /// Whether a connection follows whose end will be told.
    let opens: Bool

    /// The same with the number that its connection has among all.
    func numbered(_ number: Int) -> NotedHandshake {
        NotedHandshake(start: start, connection: number, id: id, opens: opens)
    }
}
