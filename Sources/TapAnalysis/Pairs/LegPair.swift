import TapCore

/// The other leg of a connection that a proxy passed on, as far as the capture shows both.
public struct LegPair: Equatable, Sendable, Codable {
    /// What says that both belong together.
    public enum Evidence: String, Sendable, Codable {
        /// Both handshakes have the same key, and one was asked and answered while the other waited.
        case key
        /// Every message of both directions is the same, in the same order.
        case payloads
    }

    /// Which of both a connection is: the first is the client's own, the second is what the proxy made of it.
    public enum Leg: String, Sendable, Codable {
        case first, second

        var other: Leg { self == .first ? .second : .first }
    }

    /// What became of the end, once it is known of both.
    public struct End: Equatable, Sendable, Codable {
        /// The connection that ended first, by its number.
        public let first: Int
        /// How much earlier that was, in nanoseconds; `nil` where the clock stepped back.
        public let lead: Int64?

        /// Of two connections, by their numbers, and when each began to end.
        init(_ one: (connection: Int, begun: Timestamp), _ other: (connection: Int, begun: Timestamp)) {
            let (earlier, later) = one.begun <= other.begun ? (one, other) : (other, one)
            first = earlier.connection
            lead = later.begun.elapsed(since: earlier.begun)
        }
    }

    /// The number of the other connection.
    public package(set) var connection: Int
    public package(set) var connectionID: ConnectionID
    public let evidence: Evidence
    /// Which leg the connection is that this is about, rather than the other one.
    public let leg: Leg
    /// How long the proxy took to pass on the request, or the client's first message, in nanoseconds; `nil` where the clock stepped
    /// back.
    public let delay: Int64?
    /// The same of the response on its way back; `nil` where one of both was not captured.
    public let answerDelay: Int64?
    /// How the request differs that the proxy passed on; `nil` where it does not.
    public let requestChanges: HeadChanges?
    /// The same of the response on its way back.
    public let responseChanges: HeadChanges?
    /// Known only to the connection whose end is told last.
    public package(set) var end: End?

    /// The same as the other connection sees it.
    func mirrored(of number: Int, _ id: ConnectionID) -> LegPair {
        LegPair(
            connection: number, connectionID: id, evidence: evidence, leg: leg.other, delay: delay,
            answerDelay: answerDelay, requestChanges: requestChanges, responseChanges: responseChanges)
    }
}
