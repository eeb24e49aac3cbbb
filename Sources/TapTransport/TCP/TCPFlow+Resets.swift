import TapCore

/// Which resets are believed, and when. RFC 5961 §3.2, which RFC 9293 §3.10.7.4 has taken up.
extension TCPFlow {
    mutating func receiveReset(
        _ segment: TCPSegment, _ bytes: RawSpan, on stream: StreamID, in packet: PacketHeader,
        _ budget: inout HeldBudget, to sink: inout some StreamSink & ~Copyable
    ) -> Turn? {
        let direction = stream.direction
        let isFirst = self[direction].phase == .unseen
        guard admits(segment, bytes, on: stream, in: packet, &budget, to: &sink) else { return nil }
        let (sender, receiver) = (self[direction], self[direction.opposite])
        let ahead = sender.expected.distance(to: segment.payloadStart)
        let isExact = ahead == 0 || ahead == sender.knownAhead || sender.isBehindFinish(segment.payloadStart)
        guard ahead >= 0, isExact || ahead > 0 else {
            sender.report(segment, .outsideWindow, on: stream, in: packet, to: &sink)
            return nil
        }
        let stored = StoredSegment(segment, bytes, in: packet)
        let reset = DoubtedReset(
            stored, direction, isExact: isExact, expected: sender.expected, peerExpected: receiver.expected)
        if let other = unusual?.reset {
            // A copy tells nothing new.
            if other.direction == direction, other.place == segment.payloadEnd { return nil }
            report(other, stream.flow, to: &sink)
        }
        makeUnusual().change(&budget) { $0.reset = reset }
        if budget.isExhausted { return .ended(.reset) }
        // Who is refused has nothing to go on with.
        if isExact, isFirst, receiver.initial.map({ $0.distance(to: receiver.expected) <= 1 }) ?? false {
            return .ended(.reset)
        }
        return .doubted
    }

    /// Whether a RST lies where it can be looked at, and is as it was sent.
    private mutating func admits(
        _ segment: TCPSegment, _ bytes: RawSpan, on stream: StreamID, in packet: PacketHeader,
        _ budget: inout HeldBudget, to sink: inout some StreamSink & ~Copyable
    ) -> Bool {
        switch stream.direction {
        case .fromFirst:
            fromFirst.admits(
                reset: segment, bytes, from: fromSecond, addresses: addressSum, on: stream, in: packet, &budget,
                to: &sink)
        case .fromSecond:
            fromSecond.admits(
                reset: segment, bytes, from: fromFirst, addresses: addressSum, on: stream, in: packet, &budget,
                to: &sink)
        }
    }

    /// Keeps what comes after a RST at the next byte, until it is clear who believed that.
    mutating func receiveInDoubt(
        _ segment: TCPSegment, _ bytes: RawSpan, on stream: StreamID, in packet: PacketHeader,
        _ budget: inout HeldBudget, to sink: inout some StreamSink & ~Copyable
    ) -> Turn? {
        guard let unusual, var reset = unusual.reset else { return nil }
        guard packet.timestamp.since(reset.stored.packet.timestamp) <= budget.limits.doubtTime else {
            return .ended(.reset)
        }
        let sender = self[stream.direction]
        // A RST that comes again tells nothing new.
        guard !segment.flags.contains(.rst), !sender.isCorrupt(segment, in: bytes, addresses: addressSum) else {
            return nil
        }
        let hasFinished = self[reset.direction].phase == .finishing || self[reset.direction].phase == .ended
        let reach = self[stream.direction.opposite].reach(of: sender)
        let isNear = reach == .max || abs(sender.expected.distance(to: segment.payloadStart)) <= reach
        guard isNear, reset.isDisproved(by: segment, from: stream.direction, hasFinished: hasFinished) else {
            let stored = StoredSegment(segment, bytes, in: packet)
            reset.waiting.append(stored)
            reset.waitingCost += stored.cost
            unusual.change(&budget) { $0.reset = reset }
            return reset.waitingCost > budget.limits.doubtedBytes || budget.isExhausted ? .ended(.reset) : nil
        }
        report(reset, stream.flow, to: &sink)
        unusual.change(&budget) { $0.reset = nil }
        var turn: Turn?
        for stored in reset.waiting + [StoredSegment(segment, bytes, in: packet)] where isOpen {
            let direction: Direction = stored.segment.isFromFirst ? .fromFirst : .fromSecond
            let waiting = stored.bytes
            turn = receiveUnusual(
                stored.segment, waiting.span.bytes, on: StreamID(stream.flow, direction), in: stored.packet, &budget,
                to: &sink)
            if case .ended = turn { return turn }
        }
        return turn
    }

    /// Looks at a RST ahead of the next byte again: it is at the next byte now, or its sender has gone on.
    mutating func settleReset(
        after segment: TCPSegment, on stream: StreamID, _ budget: inout HeldBudget,
        to sink: inout some StreamSink & ~Copyable
    ) {
        guard isOpen, let unusual, var reset = unusual.reset, !reset.isExact else { return }
        if reset.note(segment, from: stream.direction) {
            report(reset, stream.flow, to: &sink)
            return unusual.change(&budget) { $0.reset = nil }
        }
        reset.isExact = self[reset.direction].expected == reset.place
        unusual.reset = reset
    }

    /// Passes on the bytes of a RST that is believed, and what came late of those before it.
    mutating func pass(
        on reset: DoubtedReset, _ flow: FlowID, _ budget: inout HeldBudget, to sink: inout some StreamSink & ~Copyable
    ) {
        noteAcknowledgment(reset.stored.segment, reset.direction)
        for stored in reset.waiting {
            let direction: Direction = stored.segment.isFromFirst ? .fromFirst : .fromSecond
            let flags = stored.segment.flags
            let isStart = flags.contains(.syn) && self[direction].phase == .unseen
            guard flags.isPlain || isStart, let end = end(of: direction, before: reset),
                stored.segment.payloadEnd.distance(to: end) >= 0
            else { continue }
            pass(stored, direction, flow, &budget, to: &sink)
        }
        pass(reset.stored, reset.direction, flow, &budget, to: &sink)
    }

    /// Up to where a direction was certainly sent before a RST: where that lies, or as far as its peer had seen it.
    private func end(of direction: Direction, before reset: DoubtedReset) -> SequenceNumber? {
        guard direction != reset.direction else { return reset.stored.segment.payloadStart }
        return self[direction].acknowledged ?? self[direction].passedOn
    }

    private mutating func noteAcknowledgment(_ segment: TCPSegment, _ direction: Direction) {
        guard let number = segment.acknowledged else { return }
        switch direction {
        case .fromFirst: _ = fromSecond.noteAcknowledgment(number, from: fromFirst)
        case .fromSecond: _ = fromFirst.noteAcknowledgment(number, from: fromSecond)
        }
    }

    private mutating func pass(
        _ stored: StoredSegment, _ direction: Direction, _ flow: FlowID, _ budget: inout HeldBudget,
        to sink: inout some StreamSink & ~Copyable
    ) {
        guard fromFirst.isWanted, fromSecond.isWanted else { return }
        noteAcknowledgment(stored.segment, direction)
        let bytes = stored.bytes
        let stream = StreamID(flow, direction)
        switch direction {
        case .fromFirst:
            fromFirst.pass(
                stored.segment, bytes.span.bytes, after: fromSecond, on: stream, in: stored.packet, &budget, to: &sink)
        case .fromSecond:
            fromSecond.pass(
                stored.segment, bytes.span.bytes, after: fromFirst, on: stream, in: stored.packet, &budget, to: &sink)
        }
    }

    func report(_ reset: DoubtedReset, _ flow: FlowID, to sink: inout some StreamSink & ~Copyable) {
        self[reset.direction].report(
            reset.ignored, on: StreamID(flow, reset.direction), in: reset.stored.packet, to: &sink)
    }
}

extension TCPDirection {
    /// Passes on bytes that came in time, although the flow is over; where their sender had seen more of its peer than was
    /// passed on, they wait for that.
    fileprivate mutating func pass(
        _ segment: TCPSegment, _ bytes: RawSpan, after peer: TCPDirection, on stream: StreamID, in packet: PacketHeader,
        _ budget: inout HeldBudget, to sink: inout some StreamSink & ~Copyable
    ) {
        if phase == .unseen {
            begin(with: segment, after: peer)
            note(segment)
        }
        guard segment.payloadLength > 0 else { return }
        isPeerBehind = peer.acknowledged != nil && peer.isBehindAcknowledgment
        let payload = bytes.extracting(segment.payload)
        receive(segment, payload, after: peer, on: stream, in: packet, &budget, to: &sink)
    }
}
