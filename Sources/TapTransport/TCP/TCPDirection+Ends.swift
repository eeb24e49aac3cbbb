import TapCore

/// How a direction ends: a FIN counts once its place is reached and nobody goes on behind it. RFC 9293 §3.6.
extension TCPDirection {
    /// Reports a segment that is not taken.
    @usableFromInline
    func report<Sink: StreamSink & ~Copyable>(
        _ segment: TCPSegment, _ reason: IgnoredSegment.Reason, on stream: StreamID, in packet: PacketHeader,
        to sink: inout Sink
    ) {
        report(IgnoredSegment(segment, because: reason, after: expected), on: stream, in: packet, to: &sink)
    }

    /// The same, where it is known what is to be said; nothing is told of a direction that is over.
    @usableFromInline
    func report<Sink: StreamSink & ~Copyable>(
        _ ignored: IgnoredSegment, on stream: StreamID, in packet: PacketHeader, to sink: inout Sink
    ) {
        guard !hasEnded else { return }
        sink.found(.ignored(ignored), on: stream, in: packet)
    }

    /// Notes where a FIN lies. Of two that lie at different places one is not the sender's.
    @usableFromInline
    mutating func noteFinish<Sink: StreamSink & ~Copyable>(
        _ segment: TCPSegment, _ unusual: UnusualFlow, on stream: StreamID, in packet: PacketHeader, to sink: inout Sink
    ) {
        let place = segment.payloadEnd
        guard phase != .ended, phase != .finishing || place != finalSequence else { return }
        // A FIN behind bytes that were passed on already lies outside the window. RFC 9293 §3.10.7.4.
        let isAcknowledged = phase == .finishing && acknowledged == finalSequence.advanced(by: 1)
        guard expected.distance(to: place) >= 0, !isAcknowledged else {
            return report(segment, .outsideWindow, on: stream, in: packet, to: &sink)
        }
        dropFinish(unusual, on: stream, to: &sink)
        finalSequence = place
        phase = .finishing
        unusual[finish: stream.direction] = UnusualFlow.Finish(
            packet: packet, acknowledged: segment.acknowledged,
            ignored: IgnoredSegment(segment, because: .goneOn, after: expected), knownEnd: knownEnd)
    }

    /// The direction goes on behind its FIN, which so was none.
    private mutating func dropFinish(
        _ unusual: UnusualFlow, on stream: StreamID, to sink: inout some StreamSink & ~Copyable
    ) {
        guard phase == .finishing else { return }
        phase = .open
        guard let finish = unusual[finish: stream.direction] else { return }
        unusual[finish: stream.direction] = nil
        report(finish.ignored, on: stream, in: finish.packet, to: &sink)
    }

    /// Ends the direction where its FIN was reached and its peer has seen it.
    @usableFromInline
    mutating func settle<Sink: StreamSink & ~Copyable>(
        on stream: StreamID, in packet: PacketHeader, after peer: TCPDirection, _ unusual: UnusualFlow,
        _ budget: inout HeldBudget, to sink: inout Sink
    ) {
        guard phase == .finishing, isWanted else { return }
        let ahead = expected.distance(to: finalSequence)
        let acknowledgedBehind = acknowledged.map { finalSequence.distance(to: $0) } ?? 0
        guard ahead >= 0, acknowledgedBehind <= 1 else { return dropFinish(unusual, on: stream, to: &sink) }
        guard ahead == 0, acknowledgedBehind == 1 || peer.hasEnded else { return }
        let finish = unusual[finish: stream.direction]
        // What a FIN acknowledges was sent before it.
        guard peer.hasPassedOn(finish?.acknowledged) else { return }
        // Who says that nothing more comes has not reset before.
        if let reset = unusual.reset, reset.direction == stream.direction, !reset.isExact,
            !isBehindFinish(reset.place)
        {
            report(reset.ignored, on: stream, in: reset.stored.packet, to: &sink)
            unusual.change(&budget) { $0.reset = nil }
        }
        let seen = peer.seen(acknowledged: finish?.acknowledged)
        end(.finished, isBehindHole: false, seen: seen, on: stream, in: finish?.packet ?? packet, &budget, to: &sink)
    }

    private mutating func end(
        _ reason: StreamEnd, isCaptured: Bool = true, isBehindHole: Bool, seen: DirectionEnd.SeenOfPeer,
        on stream: StreamID, in packet: PacketHeader, _ budget: inout HeldBudget,
        to sink: inout some StreamSink & ~Copyable
    ) {
        phase = .ended
        acknowledged = nil
        drop(&budget)
        let end = DirectionEnd(reason, isCaptured: isCaptured, isBehindHole: isBehindHole, seen: seen)
        sink.ended(end, on: stream, in: packet)
    }

    /// Whether all was passed on that the peer has acknowledged, the end included.
    private func hasPassedOn(_ acknowledged: SequenceNumber?) -> Bool {
        guard let acknowledged, phase != .unseen else { return true }
        let ahead = expected.distance(to: acknowledged)
        return ahead <= 0 || hasEnded
    }

    /// What of all that was passed on of this direction its peer had seen who acknowledged so much.
    fileprivate func seen(acknowledged: SequenceNumber?) -> DirectionEnd.SeenOfPeer {
        guard phase != .unseen, let passedOn else { return [.bytes, .end] }
        guard let acknowledged else { return [] }
        guard expected.distance(to: acknowledged) >= 0 else { return [] }
        return passedOn.distance(to: acknowledged) >= 0 ? [.bytes, .end] : .bytes
    }

    /// Drops a FIN that was never reached although its sender went on with what lies before it: what fills a hole may have come
    /// late.
    mutating func giveUpFinish(_ unusual: UnusualFlow, on stream: StreamID, to sink: inout some StreamSink & ~Copyable)
    {
        guard phase == .finishing, held == nil, let finish = unusual[finish: stream.direction],
            finish.knownEnd.distance(to: expected) > 0, expected != finalSequence
        else { return }
        if let acknowledged, acknowledged.distance(to: finalSequence) <= 0 { return }
        dropFinish(unusual, on: stream, to: &sink)
    }

    /// Whether the direction's FIN was acknowledged, but is not in the capture: it takes up one number, and a peer that has
    /// sent its own has had time to see it.
    func isFinishLost(_ peer: TCPDirection) -> Bool {
        guard phase == .open, peer.hasFinished, let acknowledged else { return false }
        return knownEnd.distance(to: acknowledged) > 0
    }

    /// Whether the peer's FIN acknowledges that of this direction, captured or not.
    func isFinishSeen(by finish: UnusualFlow.Finish) -> Bool {
        guard let seen = finish.acknowledged, phase != .unseen else { return false }
        return (hasFinished ? finalSequence : knownEnd).distance(to: seen) > 0
    }

    /// Whether its FIN is known; none of a flow's directions ends by a RST before the flow does.
    var hasFinished: Bool { phase == .finishing || phase == .ended }

    /// The next number to pass on, behind the FIN where that was reached; nothing where no segment was seen.
    @usableFromInline var passedOn: SequenceNumber? {
        guard phase != .unseen else { return nil }
        let isFinishReached = phase == .ended || phase == .finishing && expected == finalSequence
        return isFinishReached ? expected.advanced(by: 1) : expected
    }

    /// Whether the peer has acknowledged what was not passed on yet.
    @usableFromInline var isBehindAcknowledgment: Bool {
        guard let acknowledged else { return false }
        return passedOn.map { $0.distance(to: acknowledged) > 0 } ?? true
    }

    /// Where the bytes end that the capture holds.
    var knownEnd: SequenceNumber { held?.last?.end ?? expected }

    /// Whether a RST that lies there follows a FIN.
    func isBehindFinish(_ place: SequenceNumber) -> Bool {
        guard hasFinished else { return false }
        return (0...1).contains(finalSequence.distance(to: place))
    }

    /// Whether a RST lies where it can be looked at, and is as it was sent.
    mutating func admits(
        reset segment: TCPSegment, _ bytes: RawSpan, from receiver: TCPDirection, addresses: UInt16,
        on stream: StreamID, in packet: PacketHeader, _ budget: inout HeldBudget,
        to sink: inout some StreamSink & ~Copyable
    ) -> Bool {
        guard isIntact(segment, in: bytes, addresses: addresses) else {
            refuseCorrupt(segment, bytes, on: stream, in: packet, &budget, to: &sink)
            return false
        }
        if phase == .unseen { begin(with: segment, after: receiver) }
        guard isPlausible(segment, reach: receiver.reach(of: self)) else {
            report(segment, .outsideWindow, on: stream, in: packet, to: &sink)
            return false
        }
        return true
    }

    /// Whether the peer answers what the capture does not hold: who has sent a FIN and then resets without an acknowledgment
    /// was sent bytes that nobody wants any more. RFC 9293 §3.10.7.1.
    private func lacksWhatIsAnswered(by reset: DoubtedReset, after finish: UnusualFlow.Finish?) -> Bool {
        guard reset.stored.segment.acknowledged == nil else { return false }
        // The FIN may be what is missing before the RST.
        guard let finish else { return reset.expected.distance(to: reset.place) > 0 }
        return finish.acknowledged.map { knownEnd.distance(to: $0) >= 0 } ?? false
    }

    /// Passes on what is held, with its holes, reports bytes that only an acknowledgment, a FIN or a RST shows, and ends.
    mutating func finish(
        _ reason: StreamEnd, after peer: TCPDirection, on stream: StreamID, in packet: PacketHeader, isFinishLost: Bool,
        _ unusual: UnusualFlow?, _ reset: DoubtedReset?, _ budget: inout HeldBudget,
        to sink: inout some StreamSink & ~Copyable
    ) {
        guard isWanted, phase != .ended, phase != .unseen else { return }
        let hasFinished = phase == .finishing
        let isReset = reset?.direction == stream.direction
        var missing = expected.distance(to: hasFinished ? finalSequence : acknowledged ?? expected)
        if isReset, !hasFinished, let reset { missing = max(missing, expected.distance(to: reset.place)) }
        if isFinishLost { missing -= 1 }
        let finish = hasFinished ? unusual?[finish: stream.direction] : nil
        let packet = finish?.packet ?? packet
        if missing > 0 {
            expected = expected.advanced(by: missing)
            sink.missed(missing, because: .end, on: stream, before: packet)
        }
        let reason = hasFinished || isFinishLost && reason != .reset ? .finished : reason
        let acknowledged = hasFinished ? finish?.acknowledged : isReset ? reset?.stored.segment.acknowledged : nil
        var isLastLost = missing > 0 || isFinishLost
        if !hasFinished, let reset, reset.direction != stream.direction {
            isLastLost = isLastLost || lacksWhatIsAnswered(by: reset, after: unusual?[finish: reset.direction])
        }
        end(
            reason, isCaptured: hasFinished || isReset, isBehindHole: isLastLost,
            seen: peer.seen(acknowledged: acknowledged), on: stream, in: packet, &budget, to: &sink)
    }
}

extension IgnoredSegment {
    /// - Parameters:
    ///   - expected: the next byte of its direction.
    ///   - length: of the bytes that are ignored, where those are not all.
    @usableFromInline
    init(_ segment: TCPSegment, because reason: Reason, after expected: SequenceNumber, length: Int? = nil) {
        self.init(
            reason, segment.flags, at: segment.sequenceNumber, length: length ?? segment.payloadLength,
            ahead: expected.distance(to: segment.sequenceNumber))
    }
}
