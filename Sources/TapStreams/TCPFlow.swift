import TapBytes
import TapPackets

/// One TCP connection in the flow table.
@usableFromInline
package struct TCPFlow {
    @usableFromInline
    enum State: UInt8 {
        case open
        /// Nobody wants its bytes; only its end is watched.
        case ignored
        /// Ended, and remembered for a while for the sake of late segments.
        case closed
    }

    @usableFromInline let key: FlowKey
    /// The network of each direction; of one that was not seen yet, that of the other.
    @usableFromInline var networkFromFirst: NetworkID
    @usableFromInline var networkFromSecond: NetworkID
    @usableFromInline var state = State.open
    @usableFromInline var lastSeen: Timestamp
    /// Its last packet when it was put at the end of the list of silence.
    @usableFromInline var queuedAt: Timestamp
    @usableFromInline var fromFirst = TCPDirection()
    @usableFromInline var fromSecond = TCPDirection()
    /// Neighbours in the order of silence; see ``SilenceList``.
    @usableFromInline var previous: Int32 = -1
    @usableFromInline var next: Int32 = -1

    @inlinable
    init(key: FlowKey, in network: NetworkID, at time: Timestamp) {
        self.key = key
        networkFromFirst = network
        networkFromSecond = network
        lastSeen = time
        queuedAt = time
    }

    /// Notes when it last spoke; answers whether it was put into the list of silence too long ago.
    @inlinable
    mutating func isLongQueued(afterPacketAt time: Timestamp, step: Int64) -> Bool {
        // A flow that is closed does not linger longer for the sake of what still comes; and packets of a capture are
        // not always in the order of time, but silence never grows backwards.
        guard state != .closed, lastSeen < time else { return false }
        lastSeen = time
        return time.since(queuedAt) > step
    }

    /// Follows one segment; answers why the connection is over, where it is.
    @inlinable
    mutating func receive<Sink: StreamSink>(
        _ segment: borrowing TCPSegment, _ payload: RawSpan, on stream: StreamID, in packet: PacketHeader,
        _ budget: inout HeldBudget, to sink: inout Sink
    ) -> StreamEnd? {
        let peer = StreamID(stream.flow, stream.direction.opposite)
        let end =
            switch stream.direction {
            case .fromFirst:
                TCPFlow.exchange(
                    &fromFirst, &fromSecond, segment, payload, on: stream, peer, in: packet, &budget, to: &sink)
            case .fromSecond:
                TCPFlow.exchange(
                    &fromSecond, &fromFirst, segment, payload, on: stream, peer, in: packet, &budget, to: &sink)
            }
        guard !fromFirst.isWanted || !fromSecond.isWanted else { return end }
        ignore(&budget)
        if let end { return end }
        return watchEnd(segment, stream.direction)
    }

    @inlinable
    static func exchange<Sink: StreamSink>(
        _ sender: inout TCPDirection, _ receiver: inout TCPDirection, _ segment: borrowing TCPSegment,
        _ payload: RawSpan, on stream: StreamID, _ peer: StreamID, in packet: PacketHeader,
        _ budget: inout HeldBudget, to sink: inout Sink
    ) -> StreamEnd? {
        sender.note(segment)
        if segment.flags.contains(.ack) { receiver.noteAcknowledgment(segment.acknowledgmentNumber) }
        if segment.payloadLength > 0 {
            sender.isPeerBehind = receiver.acknowledged != nil
            sender.receive(segment, payload, on: stream, in: packet, &budget, to: &sink)
            guard sender.isWanted else { return nil }
        }
        // RFC 9293 §3.5.3: a reset counts only at or after the next expected byte; it may carry bytes itself.
        if segment.flags.contains(.rst), sender.expected.distance(to: segment.payloadEnd) >= -1 {
            sender.finish(.reset, on: stream, in: packet, &budget, to: &sink)
            return .reset
        }
        sender.settle(on: stream, in: packet, &budget, to: &sink)
        guard sender.isWanted else { return nil }
        receiver.settle(on: peer, in: packet, &budget, to: &sink)
        return sender.hasEnded && receiver.hasEnded ? .finished : nil
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
        }
        return fromFirst.hasEnded && fromSecond.hasEnded ? .finished : nil
    }

    /// Whether a SYN opens a new connection on the same ports rather than repeating the one that opened this.
    @inlinable
    func isReopened(by segment: borrowing TCPSegment, _ direction: Direction) -> Bool {
        guard segment.flags.contains(.syn) else { return false }
        let (initial, phase) =
            switch direction {
            case .fromFirst: (fromFirst.initial, fromFirst.phase)
            case .fromSecond: (fromSecond.initial, fromSecond.phase)
            }
        if let initial, initial != segment.sequenceNumber { return true }
        guard !segment.flags.contains(.ack) else { return false }
        return state == .closed || (initial == nil && phase != .unseen)
    }

    /// Passes on what is still held, and ends both directions.
    @usableFromInline
    mutating func finish<Sink: StreamSink>(
        _ reason: StreamEnd, _ flow: FlowID, in packet: PacketHeader, _ budget: inout HeldBudget, to sink: inout Sink
    ) {
        guard state == .open else { return }
        fromFirst.finish(reason, on: StreamID(flow, .fromFirst), in: packet, &budget, to: &sink)
        guard fromFirst.isWanted else { return ignore(&budget) }
        fromSecond.finish(reason, on: StreamID(flow, .fromSecond), in: packet, &budget, to: &sink)
        ignore(&budget)
    }

    @usableFromInline
    mutating func ignore(_ budget: inout HeldBudget) {
        state = .ignored
        fromFirst.ignore(&budget)
        fromSecond.ignore(&budget)
    }
}
