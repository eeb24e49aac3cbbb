import TapCore

/// The slow path: segments out of order, holes, and ends that come before the bytes.
extension TCPDirection {
    /// - Parameters:
    ///   - peer: the next byte of the peer to pass on.
    ///   - isAlone: whether nothing waits of the peer; else what may be passed on of both is, by its packets.
    @usableFromInline
    mutating func hold<Sink: StreamSink & ~Copyable>(
        _ segment: borrowing TCPSegment, _ payload: RawSpan, after peer: SequenceNumber?, isAlone: Bool,
        on stream: StreamID, in packet: PacketHeader, _ budget: inout HeldBudget, to sink: inout Sink
    ) {
        let start = segment.payloadStart
        // Seen from `expected`: of two places that are half the circle apart, each lies behind the other.
        let old = max(0, -expected.distance(to: start))
        guard segment.payloadLength > old else { return }
        let length = segment.payloadLength - old
        let acknowledged =
            segment.flags.contains(.ack) && isPeerBehind && peer != nil ? segment.acknowledgmentNumber : nil
        if held == nil { held = HeldSegments() }
        var conflict = changeHeld(&budget) { [expected] held in
            held.insert(
                payload.from(old), length: length, at: start.advanced(by: old), acknowledging: acknowledged,
                after: expected, in: packet)
        }
        conflict?.offset += old
        if let conflict { sink.found(.conflictingOverlap(conflict), on: stream, in: packet) }
        if isAlone { drain(after: peer, on: stream, &budget, to: &sink) }
        boundHeld(on: stream, &budget, to: &sink)
    }

    /// Changes what is held, and counts what that costs; where nothing is left, nothing is kept.
    @discardableResult
    mutating func changeHeld<Result>(
        _ budget: inout HeldBudget, _ change: (HeldSegments) -> Result?
    ) -> Result? {
        guard let held else { return nil }
        budget.used -= held.cost
        let result = change(held)
        budget.used += held.cost
        if held.isEmpty { self.held = nil }
        return result
    }

    /// Gives up on holes while more is held behind them than may be.
    mutating func boundHeld(on stream: StreamID, _ budget: inout HeldBudget, to sink: inout some StreamSink & ~Copyable)
    {
        while isWanted, let held = self.held,
            held.cost > budget.limits.heldBytesPerDirection || held.count > budget.limits.heldSegmentsPerDirection
                || budget.isExhausted
        {
            declareHole(.limit, after: nil, on: stream, &budget, to: &sink)
        }
    }

    /// Reports where the bytes of a segment that were passed on before are now others, those that were missing, and that it
    /// was sent again.
    @usableFromInline
    mutating func compare<Sink: StreamSink & ~Copyable>(
        _ segment: borrowing TCPSegment, _ payload: RawSpan, on stream: StreamID, in packet: PacketHeader,
        _ budget: inout HeldBudget, to sink: inout Sink
    ) {
        let start = segment.payloadStart
        let old = start.distance(to: expected)
        // A keep-alive probe brings a byte of garbage that was acknowledged before. RFC 9293 §3.8.4.
        guard segment.payloadLength > 1 || old > 1 else { return }
        if segment.payloadLength > 1,
            let conflict = budget.recent.conflict(payload.upTo(old), at: start, on: stream, latest: recent)
        {
            sink.found(.conflictingOverlap(conflict), on: stream, in: packet)
        }
        let late = marks[.hasHole] ? budget.holes.fill(start, length: min(old, payload.byteCount), on: stream) : 0
        // A single byte may be that of a probe for which there was no room. RFC 9293 §3.8.6.1.
        if old > 1, late < min(old, segment.payloadLength), isSentAgain(start, on: stream, in: packet, &budget) {
            sink.noted(.retransmission, on: stream, in: packet)
        }
        guard late > 0 else { return }
        let ignored = IgnoredSegment(copy segment, because: .late, after: expected, length: late)
        report(ignored, on: stream, in: packet, to: &sink)
    }

    /// Whether bytes that were passed on were sent again: a capture may hold the same segment twice, one just after the other.
    private func isSentAgain(
        _ start: SequenceNumber, on stream: StreamID, in packet: PacketHeader, _ budget: inout HeldBudget
    ) -> Bool {
        let isCopy = { (time: Timestamp) in packet.timestamp.since(time) <= StreamLimits.copyTime }
        if let time = budget.recent.time(of: start, on: stream, latest: recent), isCopy(time) { return false }
        defer { budget.lastRepetition = (stream, start, packet.timestamp) }
        guard let last = budget.lastRepetition, last.stream == stream, last.start == start else { return true }
        return !isCopy(last.time)
    }

    /// Passes on what has waited long enough, for bytes that are missing before it or for its peer.
    /// - Parameters:
    ///   - peer: the next byte of the peer to pass on.
    ///   - isAlone: whether nothing waits of the peer.
    @usableFromInline
    mutating func checkHole<Sink: StreamSink & ~Copyable>(
        after peer: SequenceNumber?, isAlone: Bool, on stream: StreamID, in packet: PacketHeader,
        _ budget: inout HeldBudget, to sink: inout Sink
    ) {
        if isAlone { drain(after: peer, on: stream, &budget, to: &sink) }
        guard isWanted, let held else { return }
        if held.isOverdue(at: expected, now: packet.timestamp, budget.limits) {
            isPeerBehind = true
            drain(after: nil, most: isAlone ? .max : 1, on: stream, &budget, to: &sink)
        } else if let acknowledged,
            held.isHoleCertain(at: expected, acknowledged: acknowledged, now: packet.timestamp, budget.limits)
        {
            declareHole(.acknowledged, after: peer, isAlone: isAlone, on: stream, &budget, to: &sink)
        }
    }

    /// Gives up on the bytes before the first held segment, or on waiting for its peer.
    mutating func declareHole(
        _ reason: GapReason, after peer: SequenceNumber?, isAlone: Bool = true, on stream: StreamID,
        _ budget: inout HeldBudget, to sink: inout some StreamSink & ~Copyable
    ) {
        guard !takeAcknowledgedRefused(&budget) else { return drain(after: peer, on: stream, &budget, to: &sink) }
        guard let first = held?.first else { return tellOfRefused(upTo: nil, on: stream, &budget, to: &sink) }
        let missing = expected.distance(to: first.sequenceNumber)
        guard missing > 0 else {
            isPeerBehind = true
            return drain(after: nil, most: isAlone ? .max : 1, on: stream, &budget, to: &sink)
        }
        expected = first.sequenceNumber
        sink.missed(missing, because: reason, on: stream, before: first.packet)
        marks[.hasHole] = true
        budget.holes.note(first.sequenceNumber.advanced(by: -missing), length: missing, on: stream)
        if isAlone { drain(after: peer, on: stream, &budget, to: &sink) }
    }

    /// Passes on the held segments that continue the stream, or that many of them.
    mutating func drain(
        after peer: SequenceNumber?, most: Int = .max, on stream: StreamID, _ budget: inout HeldBudget,
        to sink: inout some StreamSink & ~Copyable
    ) {
        guard
            let segments = changeHeld(
                &budget, { [expected] in $0.takeContinuous(from: expected, peer: peer, most: most) })
        else { return }
        if peer != nil, !segments.isEmpty { isPeerBehind = false }
        for segment in segments where isWanted {
            let old = max(0, -expected.distance(to: segment.sequenceNumber))
            guard segment.length > old else { continue }
            let bytes = segment.bytes
            deliver(
                bytes.span.bytes.from(old), length: segment.length - old, on: stream, in: segment.packet, &budget,
                to: &sink)
        }
        tellOfRefused(upTo: expected, on: stream, &budget, to: &sink)
    }

    /// Forgets what is held.
    @usableFromInline
    mutating func drop(_ budget: inout HeldBudget) {
        budget.used -= held?.cost ?? 0
        held = nil
    }

    /// Forgets what is held, and does not wait for the bytes before a FIN that was seen.
    @usableFromInline
    mutating func ignore(_ budget: inout HeldBudget) {
        drop(&budget)
        if phase == .finishing { phase = .ended }
    }
}
