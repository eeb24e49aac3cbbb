import TapAnalysis

/// What all clients, or all servers, sent.
struct SentStatistics: Sendable, Codable {
    /// Added up over the connections that have ended.
    var frames = DirectionStatistics()
    /// Lengths of messages once inflated, in bytes.
    var sizes = Distribution()
    /// Times between the ends of two messages that follow each other in a connection, in nanoseconds.
    var gaps = Distribution()
    /// Messages that were compressed and could be inflated, their bytes on the wire, and once inflated.
    var inflated: UInt64 = 0
    var compressedBytes: UInt64 = 0
    var inflatedBytes: UInt64 = 0
    /// Messages that could not be inflated, or not in full.
    var notInflated: UInt64 = 0
    var pings = PingStatistics()

    mutating func add(_ message: Message) {
        sizes.add(message.length)
        switch message.compression {
        case .none: break
        case .inflated:
            inflated += 1
            compressedBytes &+= message.wireLength
            inflatedBytes &+= message.length
        case .notInflated, .inflatedInPart: notInflated += 1
        }
    }

    /// Adds what others sent.
    mutating func merge(_ other: SentStatistics) {
        add(other.frames, other.pings)
        sizes.merge(other.sizes)
        gaps.merge(other.gaps)
        inflated += other.inflated
        compressedBytes &+= other.compressedBytes
        inflatedBytes &+= other.inflatedBytes
        notInflated += other.notInflated
    }

    mutating func add(_ sent: DirectionStatistics, _ more: PingStatistics) {
        frames.add(sent)
        pings.sent &+= more.sent
        pings.answered &+= more.answered
        pings.unsolicitedPongs &+= more.unsolicitedPongs
        pings.strayPongs &+= more.strayPongs
        pings.areAnswersKnown = pings.areAnswersKnown && (more.sent == 0 || more.areAnswersKnown)
        pings.roundTrips.merge(more.roundTrips)
    }
}

extension DirectionStatistics {
    fileprivate mutating func add(_ more: DirectionStatistics) {
        frames &+= more.frames
        messages &+= more.messages
        payloadBytes &+= more.payloadBytes
        text &+= more.text
        binary &+= more.binary
        continuation &+= more.continuation
        ping &+= more.ping
        pong &+= more.pong
        close &+= more.close
        reserved &+= more.reserved
        missingBytes &+= more.missingBytes
        undecodedBytes &+= more.undecodedBytes
        retransmittedSegments &+= more.retransmittedSegments
        zeroWindowTime &+= more.zeroWindowTime
    }
}
