import TapCore

/// The slow path: segments that begin or end something, and what comes while that is in doubt. RFC 9293 §3.10.7.4.
extension TCPFlow {
    @usableFromInline
    mutating func receiveUnusual<Sink: StreamSink & ~Copyable>(
        _ segment: borrowing TCPSegment, _ bytes: RawSpan, on stream: StreamID, in packet: PacketHeader,
        _ budget: inout HeldBudget, to sink: inout Sink
    ) -> Turn? {
        // What is kept aside may make bytes pass on, after which nobody wants more.
        defer { if isOpen, !fromFirst.isWanted || !fromSecond.isWanted { ignore(&budget) } }
        let segment = copy segment
        let direction = stream.direction
        if isFormer(segment, direction) {
            refuseFormer(segment, bytes, on: stream, in: packet, &budget, to: &sink)
            return nil
        }
        if unusual?.reset?.isExact ?? false {
            return receiveInDoubt(segment, bytes, on: stream, in: packet, &budget, to: &sink)
        }
        if unusual?.claim != nil, isClaimTaken(by: segment, on: stream, &budget, to: &sink) { return .reopened }
        if segment.flags.contains(.rst) {
            return receiveReset(segment, bytes, on: stream, in: packet, &budget, to: &sink)
        }
        if segment.flags.contains(.syn) {
            if isOtherStart(segment, direction) {
                if unusual?.former?.began(at: segment.sequenceNumber, direction) ?? false { return nil }
                if let claim = unusual?.claim {
                    // A copy tells nothing new.
                    if claim.direction == direction,
                        claim.stored.segment.sequenceNumber == segment.sequenceNumber
                    {
                        return nil
                    }
                    report(claim, stream.flow, to: &sink)
                }
                let claim = ClaimedStart(StoredSegment(segment, bytes, in: packet), direction)
                let unusual = makeUnusual()
                unusual.change(&budget) { $0.claim = claim }
                if budget.isExhausted {
                    report(claim, stream.flow, to: &sink)
                    unusual.change(&budget) { $0.claim = nil }
                }
                return nil
            }
        } else if !segment.flags.contains(.ack) {
            guard self[direction].phase != .unseen else { return nil }
            refuse(segment, bytes, because: .noAcknowledgment, on: stream, in: packet, &budget, to: &sink)
            return nil
        }
        if segment.flags.contains(.fin) { _ = makeUnusual() }
        let end = receive(segment, bytes, on: stream, in: packet, &budget, to: &sink)
        if isOpen { followWindows(segment, bytes, on: stream, in: packet, to: &sink) }
        settleReset(after: segment, on: stream, &budget, to: &sink)
        if unusual?.isNeeded == false { unusual = nil }
        return end.map(Turn.ended)
    }

    /// Whether a SYN opens another connection than the one that is followed.
    private func isOtherStart(_ segment: TCPSegment, _ direction: Direction) -> Bool {
        let sender = self[direction]
        if let initial = sender.initial { return initial != segment.sequenceNumber }
        return sender.phase != .unseen && !segment.flags.contains(.ack)
    }

    /// Whether a segment shows that a SYN has opened another connection; one that goes on as before shows that it has not.
    private mutating func isClaimTaken(
        by segment: TCPSegment, on stream: StreamID, _ budget: inout HeldBudget,
        to sink: inout some StreamSink & ~Copyable
    ) -> Bool {
        guard let unusual, let claim = unusual.claim else { return false }
        let expected = self[stream.direction].expected
        if claim.isContinued(by: segment, from: stream.direction, expected: expected) { return true }
        if stream.direction == claim.direction, segment.flags.contains(.ack), segment.payloadStart == expected {
            report(claim, stream.flow, to: &sink)
            unusual.change(&budget) { $0.claim = nil }
        }
        return false
    }

    private func report(_ claim: ClaimedStart, _ flow: FlowID, to sink: inout some StreamSink & ~Copyable) {
        let sender = self[claim.direction]
        // Where no SYN of the connection was seen before, an older number may be its own, and have come late.
        if sender.initial == nil, claim.stored.segment.sequenceNumber.distance(to: sender.expected) > 0 { return }
        self[claim.direction].report(
            claim.stored.segment, .otherInitialNumber, on: StreamID(flow, claim.direction), in: claim.stored.packet,
            to: &sink)
    }

    private mutating func refuse(
        _ segment: TCPSegment, _ bytes: RawSpan, because reason: IgnoredSegment.Reason?, on stream: StreamID,
        in packet: PacketHeader, _ budget: inout HeldBudget, to sink: inout some StreamSink & ~Copyable
    ) {
        switch stream.direction {
        case .fromFirst:
            fromFirst.refuse(segment, bytes, because: reason, on: stream, in: packet, &budget, to: &sink)
        case .fromSecond:
            fromSecond.refuse(segment, bytes, because: reason, on: stream, in: packet, &budget, to: &sink)
        }
    }

    /// A segment that may be of the former connection: where this one needs it, it is taken in the end.
    private mutating func refuseFormer(
        _ segment: TCPSegment, _ bytes: RawSpan, on stream: StreamID, in packet: PacketHeader,
        _ budget: inout HeldBudget, to sink: inout some StreamSink & ~Copyable
    ) {
        guard self[stream.direction].phase != .unseen else { return }
        refuse(segment, bytes, because: nil, on: stream, in: packet, &budget, to: &sink)
    }

    /// Passes on what is still held, and ends both directions; answers why, as far as the capture shows.
    @usableFromInline
    mutating func finish<Sink: StreamSink & ~Copyable>(
        _ reason: StreamEnd, _ flow: FlowID, in packet: PacketHeader, _ budget: inout HeldBudget, to sink: inout Sink
    ) -> StreamEnd {
        guard isOpen else { return reason }
        endClosings(flow, to: &sink)
        // Nearly every connection ends so.
        guard !hasEnded || unusual?.isInDoubt ?? false else {
            ignore(&budget)
            return .finished
        }
        if let claim = unusual?.claim { report(claim, flow, to: &sink) }
        var reset = unusual?.reset
        if let doubted = reset, doubted.isDisprovedAtEnd {
            report(doubted, flow, to: &sink)
            reset = nil
        }
        giveUpFinish(.fromFirst, flow, to: &sink)
        giveUpFinish(.fromSecond, flow, to: &sink)
        let first = reset?.direction ?? firstFinished
        let lost = (isFinishLost(first), isFinishLost(first.opposite))
        let areFinished = (self[first].hasFinished || lost.0) && (self[first.opposite].hasFinished || lost.1)
        let reason = reset != nil ? .reset : areFinished ? .finished : reason
        if let reset { pass(on: reset, flow, &budget, to: &sink) }
        TCPFlow.finishHoles(
            &fromFirst, &fromSecond, on: StreamID(flow, .fromFirst), StreamID(flow, .fromSecond), &budget, to: &sink)
        guard fromFirst.isWanted, fromSecond.isWanted else {
            ignore(&budget)
            return reason
        }
        end(first, reason, flow, isFinishLost: lost.0, after: reset, in: packet, &budget, to: &sink)
        end(first.opposite, reason, flow, isFinishLost: lost.1, after: reset, in: packet, &budget, to: &sink)
        ignore(&budget)
        return reason
    }

    /// Whether the FIN of a direction is not in the capture, but what acknowledges it.
    private func isFinishLost(_ direction: Direction) -> Bool {
        self[direction].isFinishLost(self[direction.opposite])
    }

    /// Whose FIN was sent first, where there are two: what one of them acknowledges tells it, or else the packets.
    private var firstFinished: Direction {
        let (first, second) = (unusual?[finish: .fromFirst], unusual?[finish: .fromSecond])
        if let second, fromFirst.isFinishSeen(by: second) { return .fromFirst }
        if let first, fromSecond.isFinishSeen(by: first) { return .fromSecond }
        guard let second else { return .fromFirst }
        guard let first else { return .fromSecond }
        return second.packet.number.rawValue < first.packet.number.rawValue ? .fromSecond : .fromFirst
    }

    private mutating func end(
        _ direction: Direction, _ reason: StreamEnd, _ flow: FlowID, isFinishLost: Bool, after reset: DoubtedReset?,
        in packet: PacketHeader, _ budget: inout HeldBudget, to sink: inout some StreamSink & ~Copyable
    ) {
        let stream = StreamID(flow, direction)
        let packet = reset?.stored.packet ?? packet
        switch direction {
        case .fromFirst:
            fromFirst.finish(
                reason, after: fromSecond, on: stream, in: packet, isFinishLost: isFinishLost, unusual, reset, &budget,
                to: &sink)
        case .fromSecond:
            fromSecond.finish(
                reason, after: fromFirst, on: stream, in: packet, isFinishLost: isFinishLost, unusual, reset, &budget,
                to: &sink)
        }
    }

    private mutating func giveUpFinish(
        _ direction: Direction, _ flow: FlowID, to sink: inout some StreamSink & ~Copyable
    ) {
        guard let unusual else { return }
        switch direction {
        case .fromFirst: fromFirst.giveUpFinish(unusual, on: StreamID(flow, direction), to: &sink)
        case .fromSecond: fromSecond.giveUpFinish(unusual, on: StreamID(flow, direction), to: &sink)
        }
    }
}
