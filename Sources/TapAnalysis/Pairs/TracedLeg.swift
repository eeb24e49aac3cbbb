import TapCore
import TapWebSocket

/// A connection that may be a leg of an exchange without a key in common, and what was said on it.
///
/// A class: each frame changes it, and others refer to it.
final class TracedLeg {
    /// How long after the first leg the second is asked for, and how far apart both begin to end, in nanoseconds.
    static let patience: Int64 = 1_000_000_000

    let connection: Int
    let id: ConnectionID
    let client: Endpoint
    let server: Endpoint
    /// When it was asked for.
    let asked: Timestamp
    /// When that was answered.
    let begun: Timestamp
    private(set) var fromClient = MessageTrace()
    private(set) var fromServer = MessageTrace()
    private(set) var masks = MaskTrace()
    /// The connections that may be its other leg, where that is not decided yet: one of both is open.
    private(set) var others: [TracedLeg] = []
    /// How many that have ended said the same.
    private(set) var equals = 0
    /// Whether more may be its other leg than are known because of a limit.
    var isCrowded = false
    /// The same because of what the capture lacks.
    var mayHaveMore = false
    /// Its end, once that was told.
    private(set) var end: (begun: Timestamp?, isWhole: Bool)?
    /// Whether no connection that begins now is compared with it: it has ended, or nobody follows it any more.
    private(set) var isOver = false
    /// Whether it has ended and is kept for what may turn out to have its masking keys.
    var isWaiting = false

    init(_ handshake: Handshake) {
        connection = handshake.connection
        id = handshake.connectionID
        client = handshake.client
        server = handshake.server
        asked = handshake.request?.time ?? handshake.time
        begun = handshake.response?.time ?? asked
    }

    /// Whether its answer took so long that legs that may belong to it may have been forgotten.
    var isLate: Bool { begun.since(asked).magnitude > TracedLeg.patience.magnitude }

    /// Whether nothing that is answered now was asked for about when it was.
    func isOld(at time: Timestamp) -> Bool { time.since(begun) > 3 * TracedLeg.patience }

    /// Whether both ends are on one machine: then only masking keys say that it is a leg.
    var isLocal: Bool { client.address == server.address }

    func note(_ frame: borrowing Frame, of observations: borrowing Observations) {
        switch frame.sender {
        case .client:
            masks.note(frame.header.maskingKey)
            fromClient.note(frame, of: observations)
        case .server: fromServer.note(frame, of: observations)
        }
    }

    /// What was said so far, of which somebody else has taken note.
    func take(_ trace: LegTrace) {
        (fromClient, fromServer, masks) = (trace.fromClient, trace.fromServer, trace.masks)
    }

    /// The same for somebody else.
    /// - Parameter place: how many observations stand before that.
    func trace(at place: Int) -> LegTrace {
        LegTrace(connection: connection, fromClient: fromClient, fromServer: fromServer, masks: masks, place: place)
    }

    func end(_ connection: borrowing Connection) {
        end = (connection.close.begun, connection.close.whole == .both)
        isOver = true
    }

    /// Nothing is to be known of it any more.
    func forget() {
        isOver = true
        for other in others { other.others.removeAll { $0 === self } }
        others = []
    }

    // MARK: Others

    /// Whether a proxy may have made a connection of this one, by who asked whom and when.
    func mayLead(to second: TracedLeg) -> Bool {
        server.address == second.client.address && server != second.server && client != second.client
            && second.asked >= asked && second.asked.since(asked) <= TracedLeg.patience
    }

    /// Takes note that another may be its other leg.
    /// - Parameter limit: how many may be.
    func link(_ other: TracedLeg, limit: Int) {
        guard !others.contains(where: { $0 === other }) else { return }
        guard others.count < limit, other.others.count < limit else {
            (isCrowded, other.isCrowded) = (true, true)
            return
        }
        others.append(other)
        other.others.append(self)
    }

    /// It has ended: decides of all that have ended, too, whether they said the same; answers the last that did.
    func decide() -> TracedLeg? {
        var equal: TracedLeg?
        for other in others where other.end != nil {
            other.others.removeAll { $0 === self }
            if saysAll(of: other) {
                equal = other
                equals += 1
                other.equals += 1
            } else if mayBeSaid(on: other) {
                (mayHaveMore, other.mayHaveMore) = (true, true)
            }
        }
        others.removeAll { $0.end != nil }
        return equal
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

    /// Whether each of both is the only one that may be the other's leg, by what was said.
    func isOnlyOne(of other: TracedLeg) -> Bool {
        equals == 1 && other.equals == 1 && !mayHaveMore && !other.mayHaveMore
            && !(others + other.others).contains { $0.mayBeSaid(on: self) }
    }

    /// Whether a proxy passed on the very bytes of the client.
    func hasMasks(of other: TracedLeg) -> Bool { masks.proves(other.masks) && saysAll(of: other) }

    /// Whether the first messages took the way through a proxy, between machines that have addresses of their own, and both
    /// connections ended together.
    func leads(to second: TracedLeg) -> Bool {
        guard let begun = end?.begun, let otherBegun = second.end?.begun,
            begun.since(otherBegun).magnitude <= TracedLeg.patience.magnitude, !isLocal, !second.isLocal,
            let asked = fromClient.firstTime, let passed = second.fromClient.firstTime,
            let answered = second.fromServer.firstTime, let returned = fromServer.firstTime
        else { return false }
        return asked <= passed && answered <= returned
    }

    /// The pair that both are, as one of them sees it that has just ended.
    func pair(with second: TracedLeg, asSeenBy number: Int) -> LegPair {
        let ofFirst = LegPair(
            connection: second.connection, connectionID: second.id, evidence: .payloads, leg: .first,
            delay: second.fromClient.firstTime?.elapsed(since: fromClient.firstTime),
            answerDelay: fromServer.firstTime?.elapsed(since: second.fromServer.firstTime),
            requestChanges: nil, responseChanges: nil)
        var pair = number == connection ? ofFirst : ofFirst.mirrored(of: connection, id)
        if let begun = end?.begun, let otherBegun = second.end?.begun {
            pair.end = LegPair.End((connection, begun), (second.connection, otherBegun))
        }
        return pair
    }
}
