import TapBytes
import TapPackets
import TapStreams

/// Packets in, observations out: follows every TCP connection and decodes those that become WebSocket.
///
/// Synchronous and without I/O. Time comes from the packets; memory is bounded by ``AnalysisOptions``.
public struct Analyzer: ~Copyable {
    private var fragments: FragmentTable
    private var flows: FlowTable
    private var conversations: Conversations
    private var last: PacketHeader?

    public init(options: AnalysisOptions = AnalysisOptions()) {
        fragments = FragmentTable(limits: options.fragments)
        flows = FlowTable(limits: options.streams)
        conversations = Conversations(options: options)
    }

    /// Totals so far.
    public var summary: Summary {
        var summary = conversations.context.summary
        summary.flowsGivenUp += flows.crowdedOut
        summary.incompletePackets = fragments.incompletePackets
        return summary
    }

    /// Whether so much was observed since the last call of ``takeObservations(into:)`` that it is worth a call.
    package var hasObservedMuch: Bool { conversations.context.observations.isMuch }

    /// Moves what was observed since the last call into `batch`, in order; what that held is gone. Its memory is used again for those to come.
    public mutating func takeObservations(into batch: inout Observations) {
        batch.removeAll()
        swap(&batch, &conversations.context.observations)
    }

    /// Analyzes one packet; `bytes` is what the capture holds of it. Answers whether there are observations now.
    @discardableResult
    public mutating func receive(_ packet: PacketHeader, _ bytes: RawSpan) -> Bool {
        last = packet
        conversations.context.observations.beginPacket()
        conversations.context.summary.count(packet, capturedLength: bytes.byteCount)
        if let segment = PacketDecoder.plainSegment(bytes, packet) {
            flows.receive(segment, bytes, in: packet, to: &conversations)
        } else {
            receive(PacketDecoder.decodeAny(bytes, packet), bytes, in: packet)
        }
        return !conversations.context.observations.all.isEmpty
    }

    /// What a packet holds.
    @inline(never)
    private mutating func receive(_ content: PacketContent, _ bytes: RawSpan, in packet: PacketHeader) {
        switch content {
        case .tcp(let segment): flows.receive(segment, bytes, in: packet, to: &conversations)
        case .fragment(let fragment): receive(fragment, bytes, in: packet)
        case .other(let kind): conversations.context.summary.otherPackets[kind] += 1
        }
    }

    /// A packet put together from fragments counts as if the last one that came had brought it all.
    @inline(never)
    private mutating func receive(_ fragment: IPFragment, _ bytes: RawSpan, in packet: PacketHeader) {
        let captured = bytes.extracting(fragment.payload)
        guard let whole = fragments.receive(fragment, captured, at: packet.timestamp) else {
            return receive(.other(.fragment), bytes, in: packet)
        }
        receive(whole.content, whole.bytes.span.bytes, in: packet)
    }

    /// Says what is left to say: the capture has ended.
    public mutating func finish() {
        conversations.context.observations.beginPacket()
        while finishPart() {}
    }

    /// Says a part of it, no more than is worth a call of ``takeObservations(into:)``: of very many connections, all at
    /// once would take more memory than to follow them. Answers whether there is more to say.
    package mutating func finishPart() -> Bool {
        guard let last else { return false }
        while flows.finishOne(in: last, to: &conversations) { if hasObservedMuch { return true } }
        return false
    }
}
