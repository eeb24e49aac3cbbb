import TapCore

/// Every TCP connection that is being followed, or those of one part; turns segments into the ordered bytes of each direction.
///
/// Bytes that arrive in order are passed on without a copy. Memory is bounded by ``StreamLimits``.
@usableFromInline
package struct FlowTable: ~Copyable {
    @usableFromInline let limits: StreamLimits
    /// Which part of all connections the flows are.
    @usableFromInline let part: Int
    @usableFromInline var flows = ChunkedArray<TCPFlow>()
    /// Each flow in the network of each of its directions.
    @usableFromInline var index = FlowIndex()
    private var neighbours = FlowNeighbours()
    @usableFromInline var free = ChunkedArray<Int32>()
    @usableFromInline var live = SilenceList()
    @usableFromInline var closed = SilenceList()
    private var closedCount = 0
    /// What all held segments cost together.
    @usableFromInline package var budget: HeldBudget
    /// Flows that are to be closed beside a packet; the first to go stands last.
    var due: [Int32] = []
    /// Flows that were reset, as far as that is in doubt, in the order of their resets.
    var doubts = DoubtedFlows()
    /// After what time a flow that speaks is put at the end of the list of silence.
    @usableFromInline let queueStep: Int64
    /// The flow of the last segment: the next one often belongs to it, too.
    @usableFromInline var lastPlace = -1
    /// Flows seen so far.
    package private(set) var total = 0
    /// Flows that were still open when one too many made them give way.
    package private(set) var crowdedOut = 0

    package init(limits: StreamLimits, part: Int = 0) {
        self.limits = limits
        self.part = part
        budget = HeldBudget(limits: limits)
        queueStep = limits.idleTime / StreamLimits.silenceSteps
    }

    /// Follows one segment of the packet that `bytes` hold. Inlined where nearly all segments come from.
    @inlinable
    @inline(__always)
    package mutating func receive<Sink: StreamSink & ~Copyable>(
        _ segment: borrowing TCPSegment, _ bytes: RawSpan, in packet: PacketHeader, to sink: inout Sink
    ) {
        let direction: Direction = segment.isFromFirst ? .fromFirst : .fromSecond
        let place = find(segment, bytes, direction, in: packet, to: &sink)
        let stream = StreamID(FlowID(place, part: part), direction)
        // Look the flow up once; the cache miss costs as much as the work.
        let (turn, lastQueued) = flows[place].follow(segment, bytes, on: stream, in: packet, &budget, to: &sink)
        if let turn {
            take(turn, at: place, copy segment, bytes, in: packet, to: &sink)
        } else if packet.timestamp.since(lastQueued) > queueStep {
            requeue(place)
        }
    }

    /// Takes note of what is wrong with a segment, which is to be received next.
    package mutating func note(
        _ anomaly: SegmentAnomaly, in segment: borrowing TCPSegment, _ bytes: RawSpan, of packet: PacketHeader,
        to sink: inout some StreamSink & ~Copyable
    ) {
        let direction: Direction = segment.isFromFirst ? .fromFirst : .fromSecond
        let place = find(segment, bytes, direction, in: packet, to: &sink)
        sink.found(anomaly, on: StreamID(FlowID(place, part: part), direction), in: packet)
    }

    /// The flow's index; a new flow's if absent or if a SYN opens a new connection on the same ports.
    @inlinable
    @inline(__always)
    mutating func find<Sink: StreamSink & ~Copyable>(
        _ segment: borrowing TCPSegment, _ bytes: RawSpan, _ direction: Direction, in packet: PacketHeader,
        to sink: inout Sink
    ) -> Int {
        let network = segment.network
        if !segment.flags.contains(.syn) {
            if lastPlace >= 0, flows[lastPlace].key == segment.key, flows[lastPlace].network(direction) == network {
                return lastPlace
            }
            let found = index.find(segment.key, in: network, of: flows, where: { $0.network(direction) == network })
            if let found {
                lastPlace = found
                return found
            }
        }
        return findOrOpen(copy segment, bytes, direction, in: packet, to: &sink)
    }

    /// The same for a SYN, and for a segment of a flow that is not known by its network.
    @usableFromInline
    @inline(never)
    mutating func findOrOpen<Sink: StreamSink & ~Copyable>(
        _ segment: TCPSegment, _ bytes: RawSpan, _ direction: Direction, in packet: PacketHeader, to sink: inout Sink
    ) -> Int {
        let network = segment.network
        let found =
            index.find(segment.key, in: network, of: flows, where: { $0.network(direction) == network })
            ?? findInOtherNetwork(segment, direction)
        guard let place = found else { return open(segment, in: packet, to: &sink) }
        lastPlace = place
        guard segment.flags.contains(.syn),
            flows[place].isReopened(by: segment, bytes, direction, at: packet.timestamp, limits)
        else { return place }
        let former = FormerConnection(flows[place])
        close(place, .evicted, in: packet, to: &sink)
        forget(place)
        let reopened = open(segment, in: packet, to: &sink)
        flows[reopened].former = former
        return reopened
    }

    /// Does what a segment means for the table. Not inlined, since there is hardly ever anything to do.
    @usableFromInline
    @inline(never)
    mutating func take<Sink: StreamSink & ~Copyable>(
        _ turn: TCPFlow.Turn, at place: Int, _ segment: TCPSegment, _ bytes: RawSpan, in packet: PacketHeader,
        to sink: inout Sink
    ) {
        switch turn {
        case .ended(let end): close(place, end, in: packet, to: &sink)
        case .doubted: noteDoubt(place, in: packet, to: &sink)
        case .reopened:
            guard let claim = flows[place].unusual?.claim?.stored else { return }
            flows[place].unusual?.change(&budget) { $0.claim = nil }
            let former = FormerConnection(flows[place])
            close(place, .evicted, in: packet, to: &sink)
            forget(place)
            let reopened = open(claim.segment, in: claim.packet, to: &sink)
            flows[reopened].former = former
            let earlier = claim.bytes
            receive(claim.segment, earlier.span.bytes, in: claim.packet, to: &sink)
            receive(segment, bytes, in: packet, to: &sink)
        }
    }

    /// The flow that a segment was followed in. A SYN that opened none may be of another that is to come.
    package func flow(of segment: borrowing TCPSegment, in packet: PacketHeader) -> FlowID? {
        let direction: Direction = segment.isFromFirst ? .fromFirst : .fromSecond
        let network = segment.network
        let found = index.find(segment.key, in: network, of: flows, where: { $0.network(direction) == network })
        guard let place = found, !segment.flags.contains(.syn) || flows[place].openedIn == packet.number else {
            return nil
        }
        return FlowID(place, part: part)
    }

    /// A flow that the segment continues although it comes from another network.
    @usableFromInline
    mutating func findInOtherNetwork(_ segment: TCPSegment, _ direction: Direction) -> Int? {
        guard segment.flags.contains(.ack) else { return nil }
        let unnamed: Int? =
            segment.network == .unnamed
            ? nil
            : index.find(segment.key, in: .unnamed, of: flows, where: { $0.isContinued(by: segment, direction) })
        let found =
            unnamed ?? neighbours.find(segment.key, of: flows, where: { $0.isContinued(by: segment, direction) })
        if let place = found { move(place, direction, to: segment.network) }
        return found
    }

    /// Binds a direction of a flow to another network.
    private mutating func move(_ place: Int, _ direction: Direction, to network: NetworkID) {
        let key = flows[place].key
        let (former, opposite) = (flows[place].network(direction), flows[place].network(direction.opposite))
        flows[place].move(direction, to: network)
        if former != opposite { index.remove(key, in: former, at: place) }
        if network != opposite { index.insert(key, in: network, at: place) }
        if former == .unnamed, opposite == .unnamed { neighbours.insert(place, of: flows) }
    }

    @usableFromInline
    mutating func open<Sink: StreamSink & ~Copyable>(
        _ segment: borrowing TCPSegment, in packet: PacketHeader, to sink: inout Sink
    ) -> Int {
        let key = segment.key
        if flows.count - free.count >= limits.flows { evictOne(in: packet, to: &sink) }
        let place: Int
        if let freed = free.popLast() {
            place = Int(freed)
            flows[place] = TCPFlow(key: key, in: segment.network, openedBy: packet)
        } else {
            place = flows.count
            flows.append(TCPFlow(key: key, in: segment.network, openedBy: packet))
        }
        index.insert(key, in: segment.network, at: place)
        if segment.network != .unnamed { neighbours.insert(place, of: flows) }
        if segment.flags.contains(.syn), !segment.flags.contains(.ack) { flows[place].state = .opening }
        live.append(place, in: &flows)
        total += 1
        let identity = FlowIdentity(
            key, in: segment.network, from: segment.sequenceNumber, at: packet.timestamp)
        sink.opened(FlowID(place, part: part), identity, isStartCaptured: segment.flags.contains(.syn))
        return place
    }

    /// Puts a flow at the end of the list of silence: that many times in an idle time, rather than with each packet.
    @usableFromInline
    mutating func requeue(_ place: Int) {
        // When its SYN came is not known from then on.
        if flows[place].state == .opening { flows[place].state = .open }
        flows[place].queuedAt = flows[place].lastSeen
        live.moveToEnd(place, in: &flows)
    }

    /// The most silent of the flows that were queued first.
    private var mostSilent: Int {
        var found = live.oldest
        var place = live.oldest
        for _ in 0..<FlowTable.comparedForSilence where place >= 0 {
            if flows[Int(place)].lastSeen < flows[Int(found)].lastSeen { found = place }
            place = flows[Int(place)].next
        }
        return Int(found)
    }

    private static let comparedForSilence = 16

    private mutating func evictOne(in packet: PacketHeader, to sink: inout some StreamSink & ~Copyable) {
        if closed.oldest >= 0 {
            forget(Int(closed.oldest))
        } else if live.oldest >= 0 {
            let place = mostSilent
            crowdedOut += 1
            close(place, .evicted, in: packet, to: &sink)
            forget(place)
        }
    }

    /// Ends what has not ended and tells the sink; the flow stays known until it is forgotten.
    @usableFromInline
    mutating func close<Sink: StreamSink & ~Copyable>(
        _ place: Int, _ reason: StreamEnd, in packet: PacketHeader, to sink: inout Sink
    ) {
        guard flows[place].state != .closed else { return }
        let flow = FlowID(place, part: part)
        let reason = flows[place].finish(reason, flow, in: packet, &budget, to: &sink)
        if flows[place].hasHole { budget.holes.forget(flow) }
        flows[place].state = .closed
        live.remove(place, in: &flows)
        closed.append(place, in: &flows)
        if flows[place].roundTrip > 0 {
            sink.noted(.roundTrip(Int64(flows[place].roundTrip)), on: StreamID(flow, .fromFirst), in: packet)
        }
        sink.closed(flow, flows[place].key, reason, in: packet)
        rememberClosed()
    }

    /// One more flow is closed: the one that was closed first may be too many.
    @usableFromInline
    mutating func rememberClosed() {
        closedCount += 1
        if closedCount > max(1, limits.closedFlows) { forget(Int(closed.oldest)) }
    }

    @usableFromInline
    mutating func forget(_ place: Int) {
        if lastPlace == place { lastPlace = -1 }
        closedCount -= 1
        closed.remove(place, in: &flows)
        let (key, network) = (flows[place].key, flows[place].network(.fromFirst))
        let back = flows[place].network(.fromSecond)
        index.remove(key, in: network, at: place)
        if back != network { index.remove(key, in: back, at: place) }
        neighbours.remove(key, at: place)
        free.append(Int32(place))
    }
}
