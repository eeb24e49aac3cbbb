import TapCore

/// A handshake that a proxy passed on under the same key, and what it became.
struct PassedHandshake {
    /// One of both legs, with its number.
    typealias Leg = (start: ConnectionStart, connection: Int)

    let first: Leg
    let second: Leg

    /// Proxies leave the beginning of TCP's numbers to their system; those that translate addresses keep them.
    private static let copyDistance = 1 << 16

    /// Answers `nil` where they are not two legs of one exchange, as far as the capture shows. The key is the same.
    init?(_ one: Leg, _ other: Leg) {
        guard let request = one.start.request?.packet, let otherRequest = other.start.request?.packet else {
            return nil
        }
        (first, second) = request.rawValue < otherRequest.rawValue ? (one, other) : (other, one)
        guard isBetweenOthers, isNested, !mayBeCopy else { return nil }
    }

    /// Whether the second was asked and answered while the first waited for its answer.
    private var isNested: Bool {
        guard let answer = first.start.response?.packet.rawValue else { return true }
        guard let request = second.start.request?.packet.rawValue, request < answer else { return false }
        return second.start.response.map { $0.packet.rawValue < answer } ?? true
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

    /// The pair as each of both sees it.
    var pair: (first: LegPair, second: LegPair) {
        let (heads, further) = (first.start.heads.fields, second.start.heads.fields)
        let ofFirst = LegPair(
            connection: second.connection, connectionID: second.start.id, evidence: .key, leg: .first,
            delay: second.start.request?.time.elapsed(since: first.start.request?.time),
            answerDelay: first.start.response?.time.elapsed(since: second.start.response?.time),
            requestChanges: HeadChanges(from: heads.request, to: further.request),
            responseChanges: HeadChanges(from: further.response, to: heads.response))
        return (ofFirst, ofFirst.mirrored(of: first.connection, first.start.id))
    }
}
