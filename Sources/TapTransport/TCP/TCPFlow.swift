import TapCore

/// One TCP connection in the flow table.
@usableFromInline
package struct TCPFlow {
    @usableFromInline
    enum State: UInt8 {
        case open
        /// Its SYN was the first segment, and the two that follow it are waited for.
        case opening
        /// Nobody wants its bytes; only its end is watched.
        case ignored
        /// The same, but what a peer sends next is told.
        case awaitingFirst, awaitingSecond
        /// Ended, and remembered for a while for the sake of late segments.
        case closed
    }

    // In an order that leaves no gaps between them: there are up to a million flows.

    @usableFromInline let key: FlowKey
    /// What the addresses add to each checksum.
    @usableFromInline let addressSum: UInt16
    @usableFromInline var state = State.open
    /// The network of the first direction, and of the second where ``unusual`` does not name another.
    @usableFromInline var network: NetworkID
    @usableFromInline var unusual: UnusualFlow?
    @usableFromInline var lastSeen: Timestamp
    /// Its last packet when it was put at the end of the list of silence.
    @usableFromInline var queuedAt: Timestamp
    // What lies above is all that a segment of no interest needs.

    /// Neighbours in the order of silence; see ``SilenceList``.
    @usableFromInline var previous: Int32 = -1
    @usableFromInline var next: Int32 = -1
    /// See ``TransportEvent/roundTrip(_:)``: nanoseconds, as far as they fit; zero where nobody knows.
    @usableFromInline var roundTrip: UInt32 = 0
    /// The packet of its first segment.
    @usableFromInline let openedIn: PacketNumber
    @usableFromInline var fromFirst = TCPDirection()
    @usableFromInline var fromSecond = TCPDirection()

    @usableFromInline
    init(key: FlowKey, in network: NetworkID, openedBy packet: PacketHeader) {
        self.key = key
        openedIn = packet.number
        addressSum = TCPChecksum.addressSum(key)
        self.network = network
        lastSeen = packet.timestamp
        queuedAt = packet.timestamp
    }

    /// What had the same ports before, where that was seen.
    @usableFromInline var former: FormerConnection? {
        get { unusual?.former }
        set { makeUnusual().former = newValue }
    }

    /// What it has to remember beyond what every flow has to, made where there is nothing yet.
    mutating func makeUnusual() -> UnusualFlow {
        let unusual = unusual ?? UnusualFlow()
        self.unusual = unusual
        return unusual
    }

    /// What a segment has changed for the table of flows.
    @usableFromInline
    enum Turn {
        case ended(StreamEnd)
        /// A RST came that may not have been taken.
        case doubted
        /// Another connection has taken the ports, with the SYN that ``UnusualFlow/claim`` holds.
        case reopened
    }

    /// Follows one segment, whatever its state.
    /// - Returns: what that means for the table, where it means anything, and when it was put into the list of silence,
    ///   where that may be too long ago.
    @inlinable
    mutating func follow<Sink: StreamSink & ~Copyable>(
        _ segment: borrowing TCPSegment, _ bytes: RawSpan, on stream: StreamID, in packet: PacketHeader,
        _ budget: inout HeldBudget, to sink: inout Sink
    ) -> (turn: Turn?, lastQueued: Timestamp) {
        // A flow that is closed does not linger longer for the sake of what still comes.
        guard state != .closed else { return (nil, packet.timestamp) }
        // Packets of a capture are not always in the order of time, but silence never grows backwards.
        let isLater = lastSeen < packet.timestamp
        if isLater { lastSeen = packet.timestamp }
        let lastQueued = isLater ? queuedAt : packet.timestamp
        if state != .open {
            guard state == .opening else {
                if state != .ignored { tellNext(segment, bytes, on: stream, in: packet, to: &sink) }
                return (watchEnd(segment, stream.direction).map(Turn.ended), lastQueued)
            }
            followOpening(segment, stream.direction, in: packet)
            if roundTrip > 0 { sink.noted(.opened(Int64(roundTrip)), on: stream, in: packet) }
        }
        // A window that is closed is rare, too.
        guard unusual == nil, segment.flags.isPlain ? segment.window != 0 : isStart(segment.flags, stream.direction)
        else {
            return (receiveUnusual(segment, bytes, on: stream, in: packet, &budget, to: &sink), lastQueued)
        }
        return (receive(segment, bytes, on: stream, in: packet, &budget, to: &sink).map(Turn.ended), lastQueued)
    }

    /// Whether its bytes are followed.
    var isOpen: Bool { state == .open || state == .opening }

    /// Whether a segment is the first of its direction, and a SYN.
    @usableFromInline
    func isStart(_ flags: TCPFlags, _ direction: Direction) -> Bool {
        flags.contains(.syn) && flags.isDisjoint(with: [.fin, .rst]) && self[direction].phase == .unseen
    }

    /// Follows one segment that is believed as it is; answers why the connection is over, where it is.
    @inlinable
    mutating func receive<Sink: StreamSink & ~Copyable>(
        _ segment: borrowing TCPSegment, _ bytes: RawSpan, on stream: StreamID, in packet: PacketHeader,
        _ budget: inout HeldBudget, to sink: inout Sink
    ) -> StreamEnd? {
        let peer = StreamID(stream.flow, stream.direction.opposite)
        let end =
            switch stream.direction {
            case .fromFirst:
                TCPFlow.exchange(
                    &fromFirst, &fromSecond, segment, bytes, addresses: addressSum, on: stream, peer, unusual,
                    in: packet, &budget, to: &sink)
            case .fromSecond:
                TCPFlow.exchange(
                    &fromSecond, &fromFirst, segment, bytes, addresses: addressSum, on: stream, peer, unusual,
                    in: packet, &budget, to: &sink)
            }
        guard !fromFirst.isWanted || !fromSecond.isWanted else { return end }
        ignore(&budget)
        if let peer = sink.awaitsNext(on: stream.flow) { state = .awaiting(peer) }
        if let end { return end }
        return watchEnd(segment, stream.direction) ?? (hasEnded ? .finished : nil)
    }

    @inlinable
    static func exchange<Sink: StreamSink & ~Copyable>(
        _ sender: inout TCPDirection, _ receiver: inout TCPDirection, _ segment: borrowing TCPSegment,
        _ bytes: RawSpan, addresses: UInt16, on stream: StreamID, _ peer: StreamID, _ unusual: UnusualFlow?,
        in packet: PacketHeader, _ budget: inout HeldBudget, to sink: inout Sink
    ) -> StreamEnd? {
        guard sender.isIntact(segment, in: bytes, addresses: addresses) else {
            sender.refuseCorrupt(segment, bytes, on: stream, in: packet, &budget, to: &sink)
            return nil
        }
        if sender.phase == .unseen { sender.begin(with: segment, after: receiver) }
        if sender.expected != segment.payloadStart {
            guard sender.isPlausible(segment, reach: receiver.reach(of: sender)) else {
                sender.report(segment, .outsideWindow, on: stream, in: packet, to: &sink)
                return nil
            }
        }
        sender.note(segment)
        // Nearly always it is about bytes that were passed on.
        if segment.flags.contains(.ack), !receiver.isPassedOn(segment.acknowledgmentNumber) {
            let isBelieved = receiver.noteAcknowledgment(segment.acknowledgmentNumber, from: sender)
            if !isBelieved, segment.payloadLength > 0 {
                sender.refuse(segment, bytes, because: .acknowledgesUnsent, on: stream, in: packet, &budget, to: &sink)
                return nil
            }
        }
        // What a segment acknowledges was sent before it.
        if let unusual { receiver.settle(on: peer, in: packet, after: sender, unusual, &budget, to: &sink) }
        if segment.payloadLength > 0 {
            let payload = bytes.extracting(segment.payload)
            sender.isPeerBehind = receiver.acknowledged != nil && receiver.isBehindAcknowledgment
            sender.receive(
                segment, payload, after: receiver, on: stream, in: packet, &budget, to: &sink)
            guard sender.isWanted else { return nil }
        }
        guard let unusual else {
            if sender.held != nil || receiver.held != nil {
                settleHoles(&sender, &receiver, on: stream, peer, in: packet, &budget, to: &sink)
            }
            return nil
        }
        if segment.flags.contains(.fin) { sender.noteFinish(segment, unusual, on: stream, in: packet, to: &sink) }
        settleHoles(&sender, &receiver, on: stream, peer, in: packet, &budget, to: &sink)
        guard sender.isWanted, receiver.isWanted else { return nil }
        sender.settle(on: stream, in: packet, after: receiver, unusual, &budget, to: &sink)
        receiver.settle(on: peer, in: packet, after: sender, unusual, &budget, to: &sink)
        sender.settle(on: stream, in: packet, after: receiver, unusual, &budget, to: &sink)
        return sender.hasEnded && receiver.hasEnded ? .finished : nil
    }

    /// Tells of a flow of no interest what a peer sends next. Where that is not certain, nothing is.
    @usableFromInline
    mutating func tellNext(
        _ segment: borrowing TCPSegment, _ bytes: RawSpan, on stream: StreamID, in packet: PacketHeader,
        to sink: inout some StreamSink & ~Copyable
    ) {
        guard segment.payloadLength > 0, state == .awaiting(stream.direction) else { return }
        let ahead = self[stream.direction].expected.distance(to: segment.payloadStart)
        guard ahead >= 0, !self[stream.direction].isCorrupt(copy segment, in: bytes, addresses: addressSum) else {
            return
        }
        state = .ignored
        guard ahead == 0, sink.receivedNext(bytes.extracting(segment.payload), on: stream, in: packet) else { return }
        state = .awaiting(stream.direction)
        switch stream.direction {
        case .fromFirst: fromFirst.expected = segment.payloadEnd
        case .fromSecond: fromSecond.expected = segment.payloadEnd
        }
    }

    /// Watches a flow that is of no interest for its end, so that its ports can be used again.
    @inlinable
    mutating func watchEnd(_ segment: borrowing TCPSegment, _ direction: Direction) -> StreamEnd? {
        if segment.flags.contains(.rst) { return .reset }
        if segment.flags.contains(.fin) {
            switch direction {
            case .fromFirst: fromFirst.phase = .ended
            case .fromSecond: fromSecond.phase = .ended
            }
            return hasEnded ? .finished : nil
        }
        // Where there is no end the directions are not looked at, which would take two more lines of the cache.
        return nil
    }

    /// Whether bytes of a direction were reported as missing while it went on.
    @usableFromInline var hasHole: Bool { fromFirst.marks[.hasHole] || fromSecond.marks[.hasHole] }

    /// Whether both directions have ended.
    @inlinable var hasEnded: Bool { fromFirst.hasEnded && fromSecond.hasEnded }

    /// Whether a SYN opens a new connection on the same ports rather than repeating the one that opened this.
    /// - Parameter time: that of the SYN. One that was sent before comes again soon, or opens a new connection.
    @usableFromInline
    func isReopened(
        by segment: borrowing TCPSegment, _ bytes: RawSpan, _ direction: Direction, at time: Timestamp,
        _ limits: StreamLimits
    ) -> Bool {
        let sender = self[direction]
        guard !sender.isCorrupt(segment, in: bytes, addresses: addressSum) else { return false }
        if state != .closed, former?.began(at: segment.sequenceNumber, direction) ?? false { return false }
        // In the middle of a connection what follows a SYN tells whether it was taken.
        let isInDoubt = isOpenInBothDirections
        if let initial = sender.initial, initial != segment.sequenceNumber { return !isInDoubt }
        guard !segment.flags.contains(.ack) else { return false }
        if isOpen, unusual?.reset?.isExact ?? false || fromFirst.hasFinished && fromSecond.hasFinished {
            return true
        }
        guard state != .closed, let initial = sender.initial else {
            return state == .closed || sender.phase != .unseen && !isInDoubt
        }
        return initial.distance(to: sender.expected) > 1 && time.since(lastSeen) >= limits.reopeningTime
    }

    /// Whether nothing was seen of the end of the connection.
    private var isOpenInBothDirections: Bool {
        isOpen && unusual?.reset == nil && !fromFirst.hasFinished && !fromSecond.hasFinished
    }

    subscript(direction: Direction) -> TCPDirection {
        switch direction {
        case .fromFirst: fromFirst
        case .fromSecond: fromSecond
        }
    }

    /// Whether a segment belongs to the connection that had these ports before: its numbers are of that one, and do not
    /// continue this one.
    @usableFromInline
    func isFormer(_ segment: borrowing TCPSegment, _ direction: Direction) -> Bool {
        guard !segment.flags.contains(.syn), let former, former.contains(segment, direction) else { return false }
        let (sender, receiver) = (self[direction], self[direction.opposite])
        if sender.phase == .unseen { return true }
        // Copies of a SYN and of what followed it open no connection again: that one would have been answered first.
        if receiver.phase == .unseen, former.began(at: sender.initial, direction) { return true }
        if sender.expected == segment.payloadStart { return false }
        guard segment.flags.contains(.ack) else { return true }
        return !receiver.hasReached(segment.acknowledgmentNumber)
    }

    @usableFromInline
    mutating func ignore(_ budget: inout HeldBudget) {
        state = .ignored
        unusual?.settle(&budget)
        fromFirst.ignore(&budget)
        fromSecond.ignore(&budget)
    }
}

extension TCPFlow.State {
    @usableFromInline
    static func awaiting(_ direction: Direction) -> TCPFlow.State {
        direction == .fromFirst ? .awaitingFirst : .awaitingSecond
    }
}
