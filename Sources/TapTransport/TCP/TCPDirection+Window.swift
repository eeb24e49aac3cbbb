import TapCore

/// Which segments can belong to the connection at all. RFC 9293 §3.10.7.4.
extension TCPDirection {
    /// The window where none is known: as large as the buffers that common systems allow.
    private static let usualReach = 16 << 20

    /// Notes the window that this peer allows the other in a segment that is no SYN: the widest counts, since the capture may
    /// hold the directions in another order than the peers saw them.
    @inlinable
    @inline(__always)
    mutating func noteWindow(_ segment: borrowing TCPSegment) {
        if segment.window > window { window = segment.window }
    }

    /// How far beyond what is known of it another direction may go, as this one's peer allows it.
    ///
    /// Where a SYN was not captured its scale is not known; where nothing at all was, any place is possible.
    @usableFromInline
    func reach(of other: TCPDirection) -> Int {
        guard phase != .unseen else { return .max }
        guard scaling != .unknown, other.scaling != .unknown else { return TCPDirection.usualReach }
        let reach = Int(window == 0 ? .max : window)
        // Only where both offer it. RFC 7323 §2.2.
        guard let bits = scaling.bits, other.scaling.bits != nil else { return reach }
        return reach << bits
    }

    /// How far ahead of the next byte anything is known of this direction.
    var knownAhead: Int {
        var ahead = max(0, held?.last.map { expected.distance(to: $0.end) } ?? 0)
        if let acknowledged { ahead = max(ahead, expected.distance(to: acknowledged)) }
        if phase == .finishing { ahead = max(ahead, expected.distance(to: finalSequence)) }
        return ahead
    }

    /// Whether a segment lies where its receiver would look at it. What lies behind is a repetition.
    ///
    /// Where so much was lost that the stream goes on beyond every window, two segments that follow each other are
    /// believed.
    @usableFromInline
    mutating func isPlausible(_ segment: TCPSegment, reach: Int) -> Bool {
        let ahead = expected.distance(to: segment.payloadStart)
        guard ahead > 0, reach != .max, ahead - knownAhead > reach else { return true }
        if segment.payloadLength > 0, !segment.flags.contains(.rst) {
            defer { stray = segment.payloadEnd }
            return stray == segment.payloadStart
        }
        // An acknowledgment is judged by what it acknowledges.
        return segment.flags.isDisjoint(with: [.fin, .rst])
    }

    /// Whether an acknowledgment can be meant for this direction.
    func isPlausible(acknowledgment ahead: Int, reach: Int) -> Bool {
        phase == .unseen || reach == .max || ahead - knownAhead <= reach
    }

    /// Whether a number lies between the SYN and what is known of this direction.
    func hasReached(_ number: SequenceNumber) -> Bool {
        guard let initial else { return true }
        return (0...max(0, initial.distance(to: expected) + knownAhead + 1)).contains(initial.distance(to: number))
    }

    /// Opens a direction with the first segment that is seen of it.
    ///
    /// Where its SYN is missing but the capture holds that of its peer, the first acknowledgment says where it begins:
    /// the first segments may come in another order.
    @usableFromInline
    mutating func begin(with segment: TCPSegment, after peer: TCPDirection) {
        phase = .open
        expected = segment.payloadStart
        guard let acknowledged else { return }
        self.acknowledged = nil
        guard !segment.flags.contains(.syn), peer.initial != nil else {
            _ = noteAcknowledgment(acknowledged, from: peer)
            return
        }
        let behind = acknowledged.distance(to: expected)
        if behind > 0, behind <= TCPDirection.usualReach { expected = acknowledged }
    }
}
