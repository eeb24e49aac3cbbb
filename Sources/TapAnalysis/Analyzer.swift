import TapCore
import TapTransport

/// Packets in, observations out: follows every TCP connection and decodes those that become WebSocket.
///
/// Synchronous and without I/O. Time comes from the packets; memory is bounded by ``AnalysisOptions``.
public struct Analyzer: ~Copyable {
    private var fragments: FragmentTable
    /// One for each part of the connections.
    private var flows: InlineArray<2, FlowTable>
    private let parts: Int
    /// The only part that is followed; `nil` where all are.
    private let onlyPart: Int?
    /// Whether it counts what is of no part.
    private let isFirst: Bool
    private var conversations: Conversations
    private var exported = ExportedStreams()
    private var clock: SilenceClock
    private var last: PacketHeader?
    private var isFinishing = false
    /// What counts no more of the totals that others keep.
    private var before = (crowdedOut: 0, incompletePackets: 0, droppedTLS: UInt64(0))
    /// Whether so much was observed since the last call of ``takeObservations(into:)`` that it is worth a call. Stored, since
    /// it is asked for each packet: to compute it, the compiler copies all that an analyzer holds.
    package private(set) var hasObservedMuch = false

    public init(options: AnalysisOptions = AnalysisOptions()) { self.init(options: options, onlyPart: nil) }

    /// - Parameter onlyPart: the part of the connections to follow, where other analyzers follow the others.
    package init(options: AnalysisOptions, onlyPart: Int?) {
        self.init(options: options, onlyPart: onlyPart, isPart: onlyPart != nil)
    }

    /// - Parameter isPart: whether connections of others are to be compared with those that are followed here.
    package init(options: AnalysisOptions, onlyPart: Int? = nil, isPart: Bool) {
        fragments = FragmentTable(limits: options.fragments)
        flows = InlineArray { FlowTable(limits: options.streamsOfPart, part: $0) }
        conversations = Conversations(options: options, isPart: isPart)
        clock = SilenceClock(options.streams)
        parts = options.parts
        self.onlyPart = onlyPart
        isFirst = onlyPart ?? 0 == 0
    }

    /// Totals so far.
    public var summary: Summary {
        var summary = conversations.context.summary
        summary.flowsGivenUp += crowdedOut - before.crowdedOut
        summary.tls.droppedBytes = conversations.context.droppedTLS - before.droppedTLS
        if isFirst { summary.incompletePackets = fragments.incompletePackets - before.incompletePackets }
        return summary
    }

    private var crowdedOut: Int { flows.indices.reduce(0) { $0 + flows[$1].crowdedOut } }

    /// The same where the rest of the capture is analyzed by another, to which it hands on what has not ended.
    package var summaryOfBeginning: Summary {
        var summary = summary
        summary.incompletePackets = fragments.givenUp - before.incompletePackets
        return summary
    }

    /// What was counted so far counts no more: another has told of it.
    package mutating func forgetTotals() {
        before = (crowdedOut, fragments.givenUp, conversations.context.droppedTLS)
        conversations.context.forgetTotals()
    }

    /// What the endpoints of all connections are dealt by that have not ended, or are remembered: see ``FlowKey/spread``. An analyzer that
    /// gets all of their packets goes on as this one would.
    package var openSpreads: Set<UInt64> {
        var spreads: Set<UInt64> = []
        for part in flows.indices { flows[part].addSpreads(to: &spreads) }
        conversations.addQUICSpreads(to: &spreads, at: last?.timestamp ?? Timestamp(nanoseconds: 0))
        return spreads
    }

    /// Moves what was observed since the last call into `batch`, in order; what that held is gone. Its memory is used again
    /// for those to come.
    public mutating func takeObservations(into batch: inout Observations) {
        batch.removeAll()
        conversations.context.observations.settle()
        swap(&batch, &conversations.context.observations)
        conversations.context.observations.begin(after: batch)
        hasObservedMuch = false
    }

    /// What is observed from the next packet on stands behind that.
    package var order: ObservationOrder { conversations.context.order }

    /// Analyzes one packet; `bytes` is what the capture holds of it. Answers whether there are observations now.
    @discardableResult
    public mutating func receive(_ packet: PacketHeader, _ bytes: RawSpan) -> Bool {
        begin(packet, bytes)
        if let segment = PacketDecoder.plainSegment(bytes, packet) {
            follow(segment, bytes, in: packet)
        } else if PacketDecoder.isPlainDatagram(bytes, packet) {
            count(datagram: bytes, in: packet)
        } else if packet.linkType == .pktap || packet.linkType == .user2 {
            let process = CapturedProcess(bytes, packet.linkType)
            receive(PacketDecoder.decodeAny(bytes, packet), bytes, in: packet, of: process)
        } else {
            receive(PacketDecoder.decodeAny(bytes, packet), bytes, in: packet, of: nil)
        }
        return end()
    }

    /// The same for a packet whose process the capture names.
    @discardableResult
    public mutating func receive(_ packet: PacketHeader, _ bytes: RawSpan, of process: CapturedProcess) -> Bool {
        begin(packet, bytes)
        receive(PacketDecoder.decodeAny(bytes, packet), bytes, in: packet, of: process)
        return end()
    }

    @inline(__always)
    private mutating func begin(_ packet: PacketHeader, _ bytes: RawSpan) {
        last = packet
        if onlyPart == nil { conversations.context.summary.count(packet, capturedLength: bytes.byteCount) }
        if clock.isDue(at: packet.timestamp) { closeSilent(in: packet) }
        conversations.begin(ObservationOrder(of: packet.number))
    }

    /// Answers whether there are observations now.
    @inline(__always)
    private mutating func end() -> Bool {
        guard !conversations.context.observations.isEmpty else { return false }
        hasObservedMuch = conversations.context.observations.isMuch
        return true
    }

    /// Adds secrets of TLS that have come since the packet before.
    package mutating func receive(_ secrets: TLSSecrets) {
        conversations.context.add(secrets)
        conversations.retryTLS()
        conversations.retryQUIC()
    }

    /// Has streams told what chosen connections of TLS carry.
    package mutating func tell(_ plain: PlainStreams) { conversations.context.plain = plain }

    /// No more secrets come: nothing waits for them any more.
    package mutating func endSecrets() { conversations.context.endSecrets() }

    /// Nothing of what comes before a packet, or with it, is still to be received.
    package mutating func skip(to packet: PacketHeader) { conversations.begin(ObservationOrder(of: packet.number)) }

    /// Takes note of a packet that is not analyzed here, at which it was time to scan for idle connections. Answers whether
    /// there are observations now.
    package mutating func pass(_ mark: PacketHeader) -> Bool {
        last = mark
        if clock.isDue(at: mark.timestamp) { closeSilent(in: mark) }
        conversations.begin(ObservationOrder(of: mark.number))
        return end()
    }

    /// Takes note of packets some of which were for other analyzers. Those at which it was time to look for silent
    /// connections, and those of which nobody knew what they hold, were received by all.
    /// - Parameters:
    ///   - last: the last of them.
    ///   - totals: what was counted of them all.
    package mutating func pass(last: PacketHeader, totals: PacketTotals) {
        self.last = last
        conversations.begin(ObservationOrder(of: last.number))
        guard isFirst else { return }
        conversations.context.summary.count(totals)
    }

    /// Follows a segment, where it is of a part that is followed.
    @inline(__always)
    private mutating func follow(_ segment: borrowing TCPSegment, _ bytes: RawSpan, in packet: PacketHeader) {
        let part = parts == 1 ? 0 : segment.key.part
        guard onlyPart ?? part == part else { return }
        flows[part].receive(segment, bytes, in: packet, to: &conversations)
    }

    /// What a packet holds.
    /// - Parameter process: which the packet is of, where the capture says so.
    @inline(never)
    private mutating func receive(
        _ content: PacketContent, _ bytes: RawSpan, in packet: PacketHeader, of process: CapturedProcess?
    ) {
        switch content {
        case .tcp(let segment) where segment.isHeaderless: follow(exported: segment, bytes, in: packet)
        case .tcp(let segment):
            guard let process else { return follow(segment, bytes, in: packet) }
            follow(segment, bytes, in: packet, of: process)
        case .fragment(let fragment): receive(fragment, bytes, in: packet, of: process)
        case .quic:
            if isFirst { conversations.context.summary.otherPackets[.udp] += 1 }
            guard let datagram = PacketDecoder.decodeDatagram(bytes, packet) else { return }
            conversations.receiveQUIC(datagram, bytes, onlyPart: onlyPart, in: packet)
        case .other(.udp): count(datagram: bytes, in: packet)
        case .other(let kind):
            guard isFirst else { return }
            conversations.context.summary.otherPackets[kind] += 1
            if kind == .otherLink { conversations.context.summary.unread.note(packet.linkType) }
        }
    }

    /// Follows what a stream carried, where its place in that is found.
    @inline(never)
    private mutating func follow(exported segment: TCPSegment, _ bytes: RawSpan, in packet: PacketHeader) {
        let part = parts == 1 ? 0 : segment.key.part
        guard onlyPart ?? part == part else { return }
        if let placed = exported.place(segment, bytes) { return follow(placed, bytes, in: packet) }
        conversations.context.summary.otherPackets[.otherLink] += 1
        conversations.context.summary.unread.note(packet.linkType)
    }

    /// The first endpoints of the QUIC connection that a datagram belongs to, if it is followed; else those of the datagram.
    /// - Parameter isLong: whether it names its version.
    package mutating func beginning(
        of datagram: UDPDatagram, _ bytes: RawSpan, isLong: Bool, in packet: PacketHeader
    ) -> FlowKey {
        conversations.begin(ObservationOrder(of: packet.number))
        conversations.presentQUIC = nil
        if isLong {
            conversations.receiveQUIC(datagram, bytes, onlyPart: nil, in: packet)
        } else if conversations.isReadingQUIC {
            conversations.receiveShortQUIC(datagram, bytes, onlyPart: nil, in: packet)
        }
        conversations.context.observations.removeAll()
        return conversations.presentQUIC ?? datagram.key
    }

    /// A datagram that does not begin QUIC.
    @inline(__always)
    private mutating func count(datagram bytes: RawSpan, in packet: PacketHeader) {
        if conversations.isReadingQUIC { receiveDatagram(bytes, in: packet) }
        if isFirst { conversations.context.summary.otherPackets[.udp] += 1 }
    }

    /// A datagram that may be of a connection of QUIC which is read.
    @inline(never)
    private mutating func receiveDatagram(_ bytes: RawSpan, in packet: PacketHeader) {
        guard let datagram = PacketDecoder.decodeDatagram(bytes, packet) else { return }
        conversations.receiveShortQUIC(datagram, bytes, onlyPart: onlyPart, in: packet)
    }

    /// Follows a segment of a process, and keeps for later which process its connection is of.
    @inline(never)
    private mutating func follow(
        _ segment: borrowing TCPSegment, _ bytes: RawSpan, in packet: PacketHeader, of process: CapturedProcess
    ) {
        conversations.context.process = (segment.key, process)
        follow(segment, bytes, in: packet)
        conversations.context.process = nil
        let part = parts == 1 ? 0 : segment.key.part
        guard onlyPart ?? part == part, let flow = flows[part].flow(of: segment, in: packet) else { return }
        conversations.note(process, of: flow)
    }

    /// A packet put together from fragments counts as if the last one that came had brought it all.
    @inline(never)
    private mutating func receive(
        _ fragment: IPFragment, _ bytes: RawSpan, in packet: PacketHeader, of process: CapturedProcess?
    ) {
        let captured = bytes.extracting(fragment.payload)
        guard let whole = fragments.receive(fragment, captured, in: packet) else {
            return receive(.other(.fragment), bytes, in: packet, of: nil)
        }
        if let conflict = whole.conflict, case .tcp(let segment) = whole.content {
            note(conflict, in: segment, whole.bytes.span.bytes, of: packet)
        }
        let all = whole.bytes.span.bytes
        switch whole.content {
        case .quic:
            if isFirst { conversations.context.summary.otherPackets[.udp] += 1 }
            guard let datagram = whole.datagram else { return }
            conversations.receiveQUIC(datagram, all, onlyPart: onlyPart, in: packet)
        case .other(.udp):
            if isFirst { conversations.context.summary.otherPackets[.udp] += 1 }
            guard let datagram = whole.datagram else { return }
            conversations.receiveShortQUIC(datagram, all, onlyPart: onlyPart, in: packet)
        case .tcp, .fragment, .other: receive(whole.content, all, in: packet, of: process)
        }
    }

    /// A segment came in fragments that contradict each other.
    private mutating func note(
        _ conflict: ConflictingFragments, in segment: TCPSegment, _ bytes: RawSpan, of packet: PacketHeader
    ) {
        let part = parts == 1 ? 0 : segment.key.part
        guard onlyPart ?? part == part else { return }
        flows[part].note(.conflictingFragments(conflict), in: segment, bytes, of: packet, to: &conversations)
    }

    @inline(never)
    private mutating func closeSilent(in packet: PacketHeader) {
        conversations.begin(ObservationOrder(of: packet.number))
        for part in flows.indices { flows[part].findSilent(at: packet.timestamp) }
        conversations.findSilentQUIC(at: packet.timestamp)
        while closeNextDue(.evicted, in: packet) {}
    }

    /// Closes what was opened first of the flows and connections of QUIC that are to be closed; answers whether there was one.
    private mutating func closeNextDue(_ reason: StreamEnd, in packet: PacketHeader) -> Bool {
        if let quic = conversations.nextDueQUIC, flows[0].nextDue.map({ quic.packet < $0 }) ?? true,
            flows[1].nextDue.map({ quic.packet < $0 }) ?? true
        {
            conversations.closeNextQUIC(of: quic.part, reason, in: packet)
            return true
        }
        switch (flows[0].nextDue, flows[1].nextDue) {
        case (nil, nil): return false
        case (let first?, let second):
            let part = second.map { $0 < first } ?? false ? 1 : 0
            flows[part].closeNextDue(reason, in: packet, to: &conversations)
        case (nil, _?): flows[1].closeNextDue(reason, in: packet, to: &conversations)
        }
        return true
    }

    /// Says what is left to say: the capture has ended.
    public mutating func finish() {
        while finishPart() {}
    }

    /// The same so far as much was observed; answers whether there is more to say.
    package mutating func finishPart() -> Bool {
        guard let last else { return false }
        if !isFinishing {
            isFinishing = true
            conversations.begin(.captureEnd)
            conversations.context.endSecrets()
            conversations.endParkedTLS()
            for part in flows.indices { flows[part].findAll() }
            conversations.findAllQUIC()
        }
        while closeNextDue(.captureEnd, in: last) {
            hasObservedMuch = conversations.context.observations.isMuch
            if hasObservedMuch { return true }
        }
        return false
    }
}
