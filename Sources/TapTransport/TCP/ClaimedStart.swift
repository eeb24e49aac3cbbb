import TapCore

/// A SYN in the middle of a connection: it opens another on the same ports, or it is forged or stale, and then its receiver
/// answers with what it knows already (RFC 5961 §4.2). What follows shows which.
@usableFromInline
struct ClaimedStart {
    @usableFromInline let stored: StoredSegment
    @usableFromInline let direction: Direction

    @usableFromInline
    init(_ stored: StoredSegment, _ direction: Direction) {
        self.stored = stored
        self.direction = direction
    }

    /// Whether a segment goes on from the SYN.
    /// - Parameter expected: where its own direction was before the SYN.
    func isContinued(by segment: TCPSegment, from sender: Direction, expected: SequenceNumber) -> Bool {
        let syn = stored.segment
        if sender == direction {
            return !segment.flags.contains(.syn) && segment.payloadStart != expected
                && (segment.payloadStart == syn.payloadStart || segment.payloadStart == syn.payloadEnd)
        }
        if segment.flags.contains(.syn), !segment.flags.contains(.ack) {
            return syn.flags.contains(.ack) && syn.acknowledgmentNumber == segment.payloadStart
        }
        guard segment.flags.contains(.ack), segment.flags.contains(.syn) || segment.payloadStart != expected else {
            return false
        }
        return segment.acknowledgmentNumber == syn.payloadStart || segment.acknowledgmentNumber == syn.payloadEnd
    }
}
