/// How the pings of one peer were answered by the other.
public struct PingStatistics: Equatable, Sendable, Codable {
    public var sent: UInt64 = 0
    /// Pings whose payload came back in a pong.
    public var answered: UInt64 = 0
    /// Pongs of the other peer that came while no ping was waiting: a heartbeat of its own. RFC 6455 §5.5.3.
    public var unsolicitedPongs: UInt64 = 0
    /// Pongs of the other peer whose payload is none of the waiting pings'.
    public var strayPongs: UInt64 = 0
    public var roundTrips = RoundTrips()
    /// Whether every pong would have been seen: only then a ping without one was not answered.
    public var areAnswersKnown = true

    public init() {}

    /// Whether there was a ping of this peer, or a pong of the other.
    public var isUsed: Bool { sent + unsolicitedPongs > 0 }

    /// Pings that no pong answered.
    public var unanswered: UInt64 { sent - answered }
}
