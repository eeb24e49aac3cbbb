import TapCore

/// A RST of which only what follows tells whether its receiver took it.
///
/// One at the next byte exactly is believed until its sender goes on. Until then nothing is passed on: what comes waits, to
/// be followed if the RST was none, and to be dropped as its receiver would if it was one. One that lies further ahead is
/// believed where its place is reached, which it may only have overtaken, or where nothing more comes of both: then the
/// capture has lost the bytes before it.
@usableFromInline
struct DoubtedReset {
    @usableFromInline let stored: StoredSegment
    @usableFromInline let direction: Direction
    @usableFromInline var isExact: Bool
    /// How far its direction had come.
    @usableFromInline let expected: SequenceNumber
    /// How far the other direction had come.
    @usableFromInline let peerExpected: SequenceNumber
    @usableFromInline var waiting: [StoredSegment] = []
    @usableFromInline var waitingCost = 0
    /// How often its sender has acknowledged more of what the other sent after it.
    @usableFromInline var acknowledgments = 0
    @usableFromInline var furthest: SequenceNumber
    /// Who went on after a RST that lies ahead.
    var hasGoneOn = false
    var hasPeerGoneOn = false

    @usableFromInline
    init(
        _ stored: StoredSegment, _ direction: Direction, isExact: Bool, expected: SequenceNumber,
        peerExpected: SequenceNumber
    ) {
        self.expected = expected
        self.stored = stored
        self.direction = direction
        self.isExact = isExact
        self.peerExpected = peerExpected
        furthest = peerExpected
    }

    /// Where the stream of its sender ends.
    @usableFromInline var place: SequenceNumber { stored.segment.payloadEnd }

    /// No RST overtakes so many bytes.
    private static let furthestOvertaken = 16_384

    /// Notes what came after a RST that lies ahead; answers whether its sender went past it.
    mutating func note(_ segment: TCPSegment, from sender: Direction) -> Bool {
        if sender == direction {
            guard segment.payloadLength > 0, expected.distance(to: segment.payloadEnd) > 0 else { return false }
            hasGoneOn = true
            let ahead = segment.payloadEnd.distance(to: place)
            return ahead < 0 || ahead > DoubtedReset.furthestOvertaken
        }
        let acknowledgesMore = segment.acknowledged.map {
            expected.distance(to: $0) > 0 && place.distance(to: $0) < 0
        }
        if segment.payloadLength > 0 || acknowledgesMore ?? false { hasPeerGoneOn = true }
        return false
    }

    /// Whether both went on, which no order of packets explains.
    var isDisprovedAtEnd: Bool { !isExact && hasGoneOn && hasPeerGoneOn }

    /// What is to be said of it where it was not taken.
    var ignored: IgnoredSegment {
        IgnoredSegment(stored.segment, because: isExact ? .goneOn : .notNext, after: expected)
    }

    /// So many acknowledgments of new bytes are no matter of the capture's order.
    private static let convincingAcknowledgments = 2

    /// Whether a segment shows that its receiver or its sender went on.
    mutating func isDisproved(by segment: TCPSegment, from sender: Direction, hasFinished: Bool) -> Bool {
        guard segment.flags.contains(.ack), segment.flags.isDisjoint(with: [.rst, .syn]) else { return false }
        if sender == direction {
            let end = segment.payloadEnd.advanced(by: segment.flags.contains(.fin) ? 1 : 0)
            let from = stored.segment.payloadStart
            if !hasFinished, segment.payloadStart != end, from.distance(to: end) > 0 { return true }
            guard furthest.distance(to: segment.acknowledgmentNumber) > 0 else { return false }
            furthest = segment.acknowledgmentNumber
            acknowledgments += 1
            return acknowledgments >= DoubtedReset.convincingAcknowledgments
        }
        return place.distance(to: segment.acknowledgmentNumber) > (hasFinished ? 1 : 0)
    }
}
