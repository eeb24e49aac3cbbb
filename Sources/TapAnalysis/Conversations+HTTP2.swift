import TapCore
import TapHTTP
import TapHTTP2
import TapWebSocket

/// Connections of HTTP/2, each of which takes the bytes of its stream and gives those of its own streams.
extension Conversations {
    /// Begins to read HTTP/2 where a stream turns out to be that.
    mutating func openHTTP2(
        _ start: HTTP2Start, _ identity: FlowIdentity, of process: CapturedProcess?,
        after anomalies: [HTTPConversation.NotedAnomaly], on flow: FlowID, in packet: PacketHeader
    ) {
        let session = HTTP2Session(
            start.way, identity, proxy: start.proxy, transport: context.secure == nil ? .h2c : .h2,
            options: context.options)
        session.process = process
        for noted in anomalies { session.keep(Violation(noted.anomaly), noted.direction, in: noted.packet) }
        let place = sessions.insert(session)
        self[flow] = .http2(place: place)
        context.summary.http2.connections += 1
        if case .pickedUp = start.way {
            for direction in [Direction.fromFirst, .fromSecond] {
                session.noteHole(direction)
                _ = receiveHTTP2(RawSpan(), place, on: StreamID(flow, direction), in: packet, isPeerBehind: true)
            }
        }
        replay(start.held, on: flow)
    }

    /// Answers whether more of it is wanted.
    mutating func receiveHTTP2(
        _ bytes: RawSpan, _ place: Int32, on stream: StreamID, in packet: PacketHeader, isPeerBehind: Bool
    ) -> Bool {
        guard let session = sessions[place] else { return false }
        let outer = context.enter(session)
        session.isPeerBehind = isPeerBehind
        session.connection.isPeerBehind = isPeerBehind
        session.note(spokenOn: stream.direction)
        session.connection.receive(bytes, on: stream.direction, in: packet, into: &self)
        session.noteClient()
        context.leave(to: outer)
        guard session.isRefused else { return true }
        closeHTTP2(place, .evicted, in: packet)
        self[stream.flow] = .ignored
        return false
    }

    mutating func missHTTP2(
        _ count: Int, _ place: Int32, because reason: GapReason, on stream: StreamID, before packet: PacketHeader
    ) {
        guard let session = sessions[place] else { return }
        let outer = context.enter(session)
        session.noteHole(stream.direction)
        session.gapReason = reason
        session.connection.miss(count, isExact: reason.isExact, on: stream.direction, before: packet, into: &self)
        context.leave(to: outer)
    }

    /// Reports faults of segments for a stream that is WebSocket. Late bytes are left out, since nobody knows which stream they
    /// belong to.
    mutating func noteHTTP2(_ anomaly: SegmentAnomaly, _ place: Int32, _ direction: Direction, in packet: PacketHeader)
    {
        guard let session = sessions[place] else { return }
        if case .ignored(let segment) = anomaly, segment.reason == .late { return }
        tell(Violation(anomaly), of: session, direction, in: packet)
    }

    mutating func endHTTP2(_ end: DirectionEnd, _ place: Int32, on stream: StreamID, in packet: PacketHeader) {
        guard let session = sessions[place] else { return }
        let outer = context.enter(session)
        session.connection.end(stream.direction, in: packet, into: &self)
        session.note(end, stream.direction)
        for (_, inner) in session.inOrder { ended(end, on: StreamID(inner, stream.direction), in: packet) }
        context.leave(to: outer)
    }

    /// The connection is over, and with it its streams.
    mutating func closeHTTP2(_ place: Int32, _ reason: StreamEnd, in packet: PacketHeader) {
        guard let session = sessions[place] else { return }
        let outer = context.enter(session)
        session.connection.finish(in: packet, into: &self)
        for (id, _) in session.inOrder { close(id, of: session, reason, nil, in: packet) }
        context.leave(to: outer)
        context.summary.http2.add(session.connection.counts)
        sessions.remove(at: place)
    }
}
