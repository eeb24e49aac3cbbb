import TapCore

/// Writes the streams of one connection as packets of TCP, with numbers, acknowledgments and ends that go together.
///
/// Its numbers begin where those of the captured connection do. It acknowledges only for peers of which there are packets.
package struct WrittenConnection {
    package struct Packet: Sendable {
        package let header: PacketHeader
        package let bytes: [UInt8]
    }

    private struct Side {
        var link: LinkHeader?
        /// The next number that it sends; `nil` where nothing tells one.
        var next: SequenceNumber?
        /// Where the last bytes begin that it sent.
        var lastStart: SequenceNumber?
        /// What it acknowledged last.
        var acknowledged: SequenceNumber?
        /// Bytes since its peer acknowledged any.
        var unacknowledged = 0
        var hasBegun = false
        /// Its FIN, until its peer has acknowledged it.
        var openEnd: PacketHeader?
        var hasEnded = false
        /// Whether that was said by the last of its bytes on the wire: who has seen those has seen the end.
        var endsInBytes = false
    }

    /// What was written since the last call of ``removePackets()``, in order.
    package private(set) var packets: [Packet] = []
    package let key: FlowKey
    /// Whether the streams begin where TCP does: else a SYN would say more than is known.
    private let isStartKnown: Bool
    private var sides = [Side(), Side()]
    /// Who sent the SYN, and who is still to acknowledge its answer.
    private var opener: Direction?
    private var owesAcknowledgment: Direction?
    private var isReset = false

    /// As much is sent before it is acknowledged.
    private static let mostUnacknowledged = 32 << 10
    /// Further than this no receiver lets its peer go, and nobody would believe it.
    private static let longestHole = 8 << 20
    private static let windowScale: UInt8 = 8

    package init(_ key: FlowKey, isStartKnown: Bool) {
        self.key = key
        self.isStartKnown = isStartKnown
    }

    package mutating func removePackets() { packets.removeAll(keepingCapacity: true) }

    // MARK: What is seen, and what is carried

    /// Takes note of a segment of the captured connection: its numbers, its link, and the handshake.
    package mutating func see(_ segment: TCPSegment, _ bytes: RawSpan, in packet: PacketHeader) {
        let direction: Direction = segment.isFromFirst ? .fromFirst : .fromSecond
        if self[direction].link == nil {
            self[direction].link = LinkHeader(of: bytes, packet, before: segment) ?? LinkHeader.none
        }
        if self[direction].next == nil { self[direction].next = segment.payloadStart }
        if self[direction.opposite].next == nil, let acknowledged = segment.acknowledged {
            self[direction.opposite].next = acknowledged
        }
        guard isStartKnown, segment.flags.isDisjoint(with: .rst) else { return }
        if segment.flags.contains(.syn) {
            synchronize(segment, direction, in: packet)
        } else if direction == owesAcknowledgment {
            owesAcknowledgment = nil
            write([], direction, RawSpan(), in: packet)
        }
    }

    private mutating func synchronize(_ segment: TCPSegment, _ direction: Direction, in packet: PacketHeader) {
        let isAnswer = segment.flags.contains(.ack)
        guard !self[direction].hasBegun, !self[direction].hasEnded, isAnswer || opener == nil else { return }
        self[direction].hasBegun = true
        self[direction].next = segment.sequenceNumber
        if isAnswer { owesAcknowledgment = opener } else { opener = direction }
        write(.syn, direction, RawSpan(), acknowledging: isAnswer ? self[direction.opposite].next : nil, in: packet)
        self[direction].next = segment.payloadStart
    }

    package mutating func send(_ bytes: RawSpan, _ direction: Direction, in packet: PacketHeader) {
        guard !self[direction].hasEnded else { return }
        self[direction].hasBegun = true
        var offset = 0
        while offset < bytes.byteCount {
            let piece = bytes.from(offset).upTo(SegmentWriter.longestPayload)
            offset += piece.byteCount
            if self[direction].unacknowledged + piece.byteCount > WrittenConnection.mostUnacknowledged {
                acknowledge(direction, in: packet)
            }
            self[direction].lastStart = self[direction].next
            write(.psh, direction, piece, in: packet)
            advance(direction, by: piece.byteCount)
            self[direction].unacknowledged += piece.byteCount
        }
    }

    /// Leaves room for bytes that are missing. Where it would be more than any window, nothing more is written of the direction.
    package mutating func skip(_ count: Int, _ direction: Direction) {
        self[direction].hasBegun = true
        if count > WrittenConnection.longestHole { self[direction].hasEnded = true }
        advance(direction, by: min(count, WrittenConnection.longestHole))
    }

    /// Ends a direction by what was captured of its end.
    package mutating func end(_ end: DirectionEnd, _ direction: Direction, in packet: PacketHeader) {
        guard !self[direction].hasEnded else { return }
        switch end.reason {
        case .reset where !end.isCaptured && !isReset && self[direction.opposite].hasEnded:
            return reset(behindEndOf: direction.opposite, in: packet)
        case .captureEnd, .evicted: return
        case .finished, .reset: guard end.isCaptured else { return }
        }
        if end.reason == .reset, self[direction.opposite].endsInBytes, end.seen.contains(.bytes),
            let seen = self[direction.opposite].openEnd
        {
            acknowledge(direction.opposite, in: seen)
        }
        finish(end, direction, in: packet)
    }

    /// Ends a direction by what its last bytes said; how TCP ends comes later, and tells only whether it was reset.
    package mutating func endInside(_ direction: Direction, in packet: PacketHeader) {
        guard !self[direction].hasEnded else { return }
        self[direction].endsInBytes = true
        finish(DirectionEnd(.finished, isCaptured: true, isBehindHole: false, seen: .bytes), direction, in: packet)
    }

    private mutating func finish(_ end: DirectionEnd, _ direction: Direction, in packet: PacketHeader) {
        self[direction].hasEnded = true
        write(
            end.reason == .reset ? .rst : .fin, direction, RawSpan(),
            acknowledging: seen(end.seen, direction.opposite), in: packet)
        if end.reason == .reset {
            isReset = true
        } else {
            advance(direction, by: 1)
            self[direction].openEnd = packet
        }
    }

    /// Who has ended a direction resets what is left of the connection.
    private mutating func reset(behindEndOf direction: Direction, in packet: PacketHeader) {
        if let end = self[direction].openEnd { acknowledge(direction, in: end) }
        self[direction.opposite].hasEnded = true
        write(.rst, direction, RawSpan(), in: packet)
        isReset = true
    }

    /// The connection is over.
    package mutating func close() {
        for direction in [Direction.fromFirst, .fromSecond] {
            if let end = self[direction].openEnd { acknowledge(direction, in: end) }
        }
    }

    // MARK: Segments

    private subscript(direction: Direction) -> Side {
        get { sides[Int(direction.rawValue)] }
        set { sides[Int(direction.rawValue)] = newValue }
    }

    private mutating func advance(_ direction: Direction, by count: Int) {
        self[direction].next = (self[direction].next ?? SequenceNumber(0)).advanced(by: count)
    }

    /// What of a peer's stream was seen by who ends the other: the bytes that came last may have been under way.
    private func seen(_ seen: DirectionEnd.SeenOfPeer, _ peer: Direction) -> SequenceNumber? {
        guard let next = self[peer].next else { return nil }
        let isEndSeen = seen.contains(.end) || self[peer].endsInBytes && seen.contains(.bytes)
        if isEndSeen || self[peer].openEnd == nil && seen.contains(.bytes) { return next }
        if seen.contains(.bytes) { return next.advanced(by: -1) }
        guard let start = self[peer].lastStart else { return next }
        guard let before = self[peer.opposite].acknowledged, start.distance(to: before) > 0 else { return start }
        return before
    }

    /// Has the peer of a direction acknowledge all of it, unless one of them has reset the connection.
    private mutating func acknowledge(_ direction: Direction, in packet: PacketHeader) {
        guard !isReset, self[direction.opposite].link != nil else { return }
        write([], direction.opposite, RawSpan(), in: packet)
    }

    /// Writes a segment that acknowledges all that its peer has sent.
    private mutating func write(
        _ flags: TCPFlags, _ direction: Direction, _ payload: RawSpan, in packet: PacketHeader
    ) {
        write(flags, direction, payload, acknowledging: self[direction.opposite].next, in: packet)
    }

    private mutating func write(
        _ flags: TCPFlags, _ direction: Direction, _ payload: RawSpan, acknowledging number: SequenceNumber?,
        in packet: PacketHeader
    ) {
        let (source, destination) = key.peers(direction)
        if let number, number == self[direction.opposite].next {
            self[direction.opposite].unacknowledged = 0
            self[direction.opposite].openEnd = nil
        }
        self[direction].acknowledged = number
        let segment = SegmentWriter(
            source: source, destination: destination, sequenceNumber: self[direction].next ?? SequenceNumber(0),
            acknowledged: number, flags: flags,
            windowScale: flags.contains(.syn) ? WrittenConnection.windowScale : nil)
        let link = self[direction].link ?? LinkHeader.none
        let bytes = segment.packet(behind: link, payload)
        packets.append(
            Packet(
                header: PacketHeader(
                    number: packet.number, timestamp: packet.timestamp, linkType: link.linkType,
                    originalLength: bytes.count), bytes: bytes))
    }
}
