import TapCore
import TapTransport

/// Packets in, and out those of connections that were read through TLS as if they had been in the clear, while the packets of
/// a capture come once more.
///
/// All packets are analyzed again, as they were before: what opens one connection may stand in another.
package struct PlainPackets: ~Copyable {
    /// What was written since the last call of ``removePackets()``, in order. Each has the number and the time of the captured
    /// packet that completed what it carries.
    package private(set) var packets: [WrittenConnection.Packet] = []
    private var analyzer: Analyzer
    private let streams: PlainStreams
    private var connections: [FlowID: WrittenConnection] = [:]
    /// Connections with the same endpoints, in several networks, in the order in which they began.
    private var flows: [FlowKey: [(flow: FlowID, network: NetworkID)]] = [:]
    private var observations = Observations()

    /// - Parameters:
    ///   - carriers: the connections, as their handshakes name them.
    ///   - options: those with which the handshakes were found.
    package init(of carriers: some Sequence<TLSCarrier>, _ options: AnalysisOptions) {
        streams = PlainStreams(of: carriers)
        analyzer = Analyzer(options: options)
        analyzer.tell(streams)
    }

    package mutating func receive(_ packet: PacketHeader, _ bytes: RawSpan) {
        analyzer.receive(packet, bytes)
        if analyzer.hasObservedMuch { analyzer.takeObservations(into: &observations) }
        guard !connections.isEmpty || !streams.events.isEmpty else { return }
        let content = PacketDecoder.decode(bytes, packet)
        if case .tcp(let segment) = content, !opens(segment.key), let flow = flow(of: segment) {
            connections[flow]?.see(segment, bytes, in: packet)
            takePackets(of: flow)
        }
        for event in streams.events {
            if case .opened(let flow, let identity) = event {
                open(flow, identity)
                if case .tcp(let segment) = content, identity.key == segment.key {
                    connections[flow]?.see(segment, bytes, in: packet)
                    takePackets(of: flow)
                }
            } else {
                take(event)
            }
        }
        streams.removeEvents()
    }

    /// The capture has ended; answers whether there is more to come.
    package mutating func finishPart() -> Bool {
        let isMore = analyzer.finishPart()
        analyzer.takeObservations(into: &observations)
        for event in streams.events { take(event) }
        streams.removeEvents()
        return isMore
    }

    package mutating func removePackets() { packets.removeAll(keepingCapacity: true) }

    /// Whether one of the connections between these endpoints begins with the present packet.
    private func opens(_ key: FlowKey) -> Bool {
        streams.events.contains { if case .opened(_, let identity) = $0 { identity.key == key } else { false } }
    }

    private func flow(of segment: TCPSegment) -> FlowID? {
        guard let known = flows[segment.key] else { return nil }
        return (known.last { $0.network == segment.network } ?? known.last)?.flow
    }

    private mutating func open(_ flow: FlowID, _ identity: FlowIdentity) {
        let isStartKnown = streams.carrier(of: identity)?.isStartKnown ?? false
        connections[flow] = WrittenConnection(identity.key, isStartKnown: isStartKnown)
        flows[identity.key, default: []].append((flow, identity.network))
    }

    private mutating func take(_ event: PlainStreams.Event) {
        switch event {
        case .opened(let flow, let identity): open(flow, identity)
        case .bytes(let range, let stream, let packet):
            let bytes = streams.bytes
            connections[stream.flow]?.send(bytes.span.bytes.extracting(range), stream.direction, in: packet)
            takePackets(of: stream.flow)
        case .missing(let count, let stream): connections[stream.flow]?.skip(count, stream.direction)
        case .ended(let end, let stream, let packet):
            connections[stream.flow]?.end(end, stream.direction, in: packet)
            takePackets(of: stream.flow)
        case .endedInside(let stream, let packet):
            connections[stream.flow]?.endInside(stream.direction, in: packet)
            takePackets(of: stream.flow)
        case .closed(let flow):
            connections[flow]?.close()
            takePackets(of: flow)
            guard let key = connections.removeValue(forKey: flow)?.key else { return }
            flows[key]?.removeAll { $0.flow == flow }
            if flows[key]?.isEmpty ?? false { flows[key] = nil }
        }
    }

    private mutating func takePackets(of flow: FlowID) {
        guard let new = connections[flow]?.packets, !new.isEmpty else { return }
        packets += new
        connections[flow]?.removePackets()
    }
}
