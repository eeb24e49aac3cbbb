import TapCore
import TapTestSupport
import TapTransport

/// Judges what a flow table passes on by what it was given: each byte at its place, from a packet that brought it.
///
/// A direction without a SYN begins where its peer's first acknowledgment says, or with its first segment; of those only the
/// order of calls is judged.
struct StreamOracle: StreamSink {
    /// A segment, by the place in its stream where its payload begins.
    private struct Arrival {
        let start: Int
        let length: Int
        let packet: UInt64

        func covers(_ place: Int) -> Bool { start <= place && place < start + length }
    }

    private struct Stream {
        var base: SequenceNumber?
        /// Whether the first segment was a SYN, so that its place is certain.
        var isBaseCertain = false
        /// Bytes passed on or missed so far.
        var position = 0
        var arrivals: [Arrival] = []
    }

    /// Watches the order of calls.
    var recording = RecordingSink()
    private var open: [FlowKey: FlowID] = [:]
    /// The open flows of which a RST was seen.
    private var reset: Set<FlowID> = []
    private var streams: [StreamID: Stream] = [:]
    private var segment: (key: FlowKey, direction: Direction, TCPSegment, packet: UInt64)?
    /// The numbers of the SYNs of each pair of endpoints since a connection opened, but for the present segment.
    private var starts: [FlowKey: [SequenceNumber]] = [:]

    /// What every packet holds at a sequence number: another byte in each packet, so that copies can be told apart.
    static func byte(at number: SequenceNumber, in packet: UInt64) -> UInt8 {
        UInt8(truncatingIfNeeded: UInt64(number.rawValue) &* 31 &+ packet &* 101)
    }

    /// To be called before the flow table receives `segment`.
    mutating func expect(_ segment: TCPSegment, in packet: PacketHeader) {
        let key = FlowKey(segment.source, segment.destination)
        let direction: Direction = segment.source == key.first ? .fromFirst : .fromSecond
        if let (key, _, last, _) = self.segment, last.flags.contains(.syn) {
            starts[key, default: []].append(last.sequenceNumber)
        }
        self.segment = (key, direction, segment, packet.number.rawValue)
        if let flow = open[key] { note(in: flow) }
    }

    private mutating func note(in flow: FlowID) {
        guard let (_, direction, segment, packet) = segment else { return }
        let stream = StreamID(flow, direction)
        let position = streams[stream]?.position ?? 0
        let base = streams[stream]?.base ?? segment.payloadStart
        let start = position + base.advanced(by: position).distance(to: segment.payloadStart)
        if streams[stream]?.base == nil {
            // Behind a RST in doubt, a SYN tells less of its direction than what the peer has acknowledged.
            let isStart = segment.flags.contains(.syn) && !segment.flags.contains(.rst) && !reset.contains(flow)
            streams[stream, default: Stream()].isBaseCertain = isStart
        } else if segment.flags.contains(.syn), position == 0, base != segment.payloadStart {
            // Of two SYNs before any bytes, a RST in doubt tells which counts.
            streams[stream]?.isBaseCertain = false
        }
        if segment.flags.contains(.rst) { reset.insert(flow) }
        streams[stream, default: Stream()].base = base
        streams[stream]?.arrivals.append(Arrival(start: start, length: segment.payloadLength, packet: packet))
    }

    mutating func opened(_ flow: FlowID, _ identity: FlowIdentity, isStartCaptured: Bool) {
        recording.opened(flow, identity, isStartCaptured: isStartCaptured)
        for direction in [Direction.fromFirst, .fromSecond] { streams[StreamID(flow, direction)] = Stream() }
        open[identity.key] = flow
        reset.remove(flow)
        guard let segment, segment.key == identity.key else { return }
        // A SYN waits where a connection is open, until what follows shows that it was taken: then it is not the present
        // segment that tells where the streams begin.
        if starts.removeValue(forKey: identity.key)?.contains(identity.initial) ?? false {
            let unsure = Stream(base: identity.initial)
            for direction in [Direction.fromFirst, .fromSecond] { streams[StreamID(flow, direction)] = unsure }
        }
        note(in: flow)
    }

    mutating func received(
        _ bytes: RawSpan, on stream: StreamID, in packet: PacketHeader, isPeerBehind: Bool
    ) -> Bool {
        let number = packet.number.rawValue
        if let known = streams[stream], let base = known.base, known.isBaseCertain {
            for offset in 0..<bytes.byteCount {
                let place = known.position + offset
                Property.hold(
                    bytes.uint8(at: offset) == StreamOracle.byte(at: base.advanced(by: place), in: number),
                    "the byte at \(place) is that of packet \(number)")
            }
            checkBrought(bytes.byteCount, on: known, by: number)
        }
        streams[stream]?.position += bytes.byteCount
        return recording.received(bytes, on: stream, in: packet, isPeerBehind: isPeerBehind)
    }

    mutating func found(_ anomaly: SegmentAnomaly, on stream: StreamID, in packet: PacketHeader) {
        recording.found(anomaly, on: stream, in: packet)
    }

    mutating func missed(
        _ count: Int, because reason: GapReason, on stream: StreamID, before packet: PacketHeader
    ) {
        if reason == .cutShort, let known = streams[stream], known.isBaseCertain {
            checkBrought(count, on: known, by: packet.number.rawValue)
        }
        streams[stream]?.position += count
        recording.missed(count, because: reason, on: stream, before: packet)
    }

    private func checkBrought(_ count: Int, on known: Stream, by packet: UInt64) {
        for place in known.position..<known.position + count {
            Property.hold(
                known.arrivals.contains { $0.packet == packet && $0.covers(place) },
                "packet \(packet) had the byte at \(place)")
        }
    }

    mutating func ended(_ end: DirectionEnd, on stream: StreamID, in packet: PacketHeader) {
        recording.ended(end, on: stream, in: packet)
    }

    mutating func closing(_ flow: FlowID, openedIn opening: PacketNumber) {
        recording.closing(flow, openedIn: opening)
    }

    mutating func closed(_ flow: FlowID, _ key: FlowKey, _ reason: StreamEnd, in packet: PacketHeader) {
        recording.closed(flow, key, reason, in: packet)
        open = open.filter { $0.value != flow }
    }
}
