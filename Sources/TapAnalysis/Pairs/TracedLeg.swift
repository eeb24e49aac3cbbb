import TapCore
import TapWebSocket

/// A connection that may be a leg of an exchange without a key in common, and what was said on it.
struct TracedLeg {
    let connection: Int
    let id: ConnectionID
    let client: Endpoint
    let server: Endpoint
    /// When it was asked for.
    let asked: Timestamp
    private(set) var fromClient = MessageTrace()
    private(set) var fromServer = MessageTrace()
    private var masks = MaskTrace()
    /// The connections that may be its other leg.
    var others: [Int] = []
    /// Its end, once that was told.
    private(set) var end: (begun: Timestamp?, isWhole: Bool)?

    /// Answers `nil` where its beginning is not known.
    init?(_ handshake: Handshake) {
        guard handshake.verdict == .valid || handshake.verdict == .invalid, handshake.opensConnection,
            handshake.pair == nil, !handshake.violations.contains(where: { $0.id == .captureDuplicated })
        else { return nil }
        connection = handshake.connection
        id = handshake.connectionID
        client = handshake.client
        server = handshake.server
        asked = handshake.request?.time ?? handshake.time
    }

    mutating func note(_ frame: borrowing Frame, of observations: borrowing Observations) {
        switch frame.sender {
        case .client:
            masks.note(frame.header.maskingKey)
            fromClient.note(frame, of: observations)
        case .server: fromServer.note(frame, of: observations)
        }
    }

    mutating func end(_ connection: borrowing Connection) {
        end = (connection.close.begun, connection.close.whole == .both)
    }

    /// Whether a proxy may have made a connection of this one, by who asked whom and when.
    func mayLead(to second: TracedLeg, within patience: Int64) -> Bool {
        server.address == second.client.address && server != second.server && client != second.client
            && second.asked >= asked && second.asked.since(asked) <= patience
    }

    /// Whether both have ended, and everything that was said on one was said on the other.
    func saysAll(of other: TracedLeg) -> Bool {
        guard let end, let otherEnd = other.end, end.isWhole, otherEnd.isWhole else { return false }
        return fromClient == other.fromClient && fromServer == other.fromServer
    }

    /// Whether the same may be said on another connection, as far as is known.
    func mayBeSaid(on other: TracedLeg) -> Bool {
        if let end, let otherEnd = other.end, end.isWhole, otherEnd.isWhole { return saysAll(of: other) }
        return fromClient.mayBecome(other.fromClient) && fromServer.mayBecome(other.fromServer)
    }

    /// Whether a proxy passed on the very bytes of the client.
    func hasMasks(of other: TracedLeg) -> Bool { masks.proves(other.masks) }

    /// Whether the first messages took the way through a proxy, between machines that have addresses of their own, and both
    /// connections ended together.
    func leads(to second: TracedLeg, within patience: Int64) -> Bool {
        guard let begun = end?.begun, let otherBegun = second.end?.begun,
            begun.since(otherBegun).magnitude <= patience.magnitude, client.address != server.address,
            second.client.address != second.server.address,
            let asked = fromClient.firstTime, let passed = second.fromClient.firstTime,
            let answered = second.fromServer.firstTime, let returned = fromServer.firstTime
        else { return false }
        return asked <= passed && answered <= returned
    }

    /// The pair that both are, as one of them sees it that has just ended.
    func pair(with second: TracedLeg, asSeenBy number: Int) -> LegPair {
        func time(_ later: Timestamp?, since earlier: Timestamp?) -> Int64? {
            guard let later, let earlier else { return nil }
            return later.elapsed(since: earlier)
        }
        let ofFirst = LegPair(
            connection: second.connection, connectionID: second.id, evidence: .payloads, leg: .first,
            delay: time(second.fromClient.firstTime, since: fromClient.firstTime),
            answerDelay: time(fromServer.firstTime, since: second.fromServer.firstTime),
            requestChanges: nil, responseChanges: nil)
        var pair = number == connection ? ofFirst : ofFirst.mirrored(of: connection, id)
        if let begun = end?.begun, let otherBegun = second.end?.begun {
            pair.end = LegPair.End(
                first: begun <= otherBegun ? connection : second.connection,
                lead: max(begun, otherBegun).elapsed(since: min(begun, otherBegun)))
        }
        return pair
    }
}
