import TapCore
import TapHTTP
import TapSecurity
import TapWebSocket

/// Where a stream becomes TLS, with what came of it so far.
struct TLSStart {
    let isStartCaptured: Bool
    /// What came before this was certain, in order.
    let held: HeldBytes
    let proxy: ProxyHeader?
}

/// Connections of TLS, each of which takes the bytes of its stream and gives those of another one.
extension Conversations {
    /// Begins to read TLS where a stream turns out to be that.
    /// - Parameter roundTrip: see ``Handshake/roundTrip``; zero where nobody knows.
    mutating func openTLS(
        _ start: TLSStart, _ identity: FlowIdentity, _ roundTrip: UInt32, on flow: FlowID, in packet: PacketHeader
    ) {
        let place = secures.insert(nil)
        let inner = FlowID(Int(place), part: FlowKey.parts + flow.shard)
        let first = start.held.firstPacket ?? packet
        let connection = TLSConnection(
            isStartCaptured: start.isStartCaptured,
            likelyClient: TLSDirection(SecureStream.likelyClient(of: identity.key)), openedIn: first)
        secures[place] = SecureStream(
            connection, identity, proxy: start.proxy, on: flow, as: inner, layers: (context.secure?.layers ?? 0) + 1,
            in: first, isStartCaptured: start.isStartCaptured)
        secures[place]?.roundTrip = roundTrip
        context.plain?.secured(flow, as: inner, isStartCaptured: start.isStartCaptured, held: start.held)
        self[flow] = .tls(place: place)
        context.summary.tls.connections += 1
        replay(start.held, on: flow)
    }

    /// Answers whether more of it is wanted.
    mutating func receiveTLS(
        _ bytes: RawSpan, _ place: Int32, on stream: StreamID, in packet: PacketHeader, isPeerBehind: Bool
    ) -> Bool {
        guard let secure = secures[place] else { return false }
        let direction = TLSDirection(stream.direction)
        let connection = secure.connection
        let outer = context.enter(secure)
        secure.isPeerBehind = isPeerBehind || connection.lacksRecords(before: direction)
        connection.receive(bytes, on: direction, in: packet, context.tls, into: &self)
        context.leave(to: outer)
        if connection.isIgnored(direction) {
            secure.noteUnread(bytes.byteCount, stream.direction)
            if case .followed = secure.carried { tellUnread(secure, stream.direction, before: packet) }
        }
        return isTLSWanted(secure, place, on: stream.flow, in: packet)
    }

    /// Ends the reading of TLS where nothing more can come of it; answers whether it goes on.
    private mutating func isTLSWanted(
        _ secure: SecureStream, _ place: Int32, on flow: FlowID, in packet: PacketHeader
    ) -> Bool {
        switch secure.carried {
        case .nothing where !secure.connection.isDone: return true
        case .followed: return true
        case .nothing, .ignored: break
        }
        closeTLS(place, .evicted, in: packet)
        self[flow] = .ignored
        return false
    }

    mutating func missTLS(
        _ count: Int, _ place: Int32, because reason: GapReason, on stream: StreamID, before packet: PacketHeader
    ) {
        guard let secure = secures[place] else { return }
        let direction = TLSDirection(stream.direction)
        let outer = context.enter(secure)
        secure.connection.miss(count, on: direction, before: packet, context.tls, into: &self)
        context.leave(to: outer)
        if secure.connection.isIgnored(direction) { secure.noteUnread(count, stream.direction) }
    }

    /// What is wrong with segments is told of what they carry, but for how much: bytes on the wire are not those of data.
    mutating func noteTLS(_ anomaly: SegmentAnomaly, _ place: Int32, _ direction: Direction, in packet: PacketHeader) {
        guard let secure = secures[place], case .followed = secure.carried else { return }
        if case .ignored(let segment) = anomaly, segment.reason == .late { return }
        let outer = context.enter(secure)
        found(anomaly, on: StreamID(secure.inner, direction), in: packet)
        context.leave(to: outer)
    }

    mutating func endTLS(_ end: DirectionEnd, _ place: Int32, on stream: StreamID, in packet: PacketHeader) {
        guard let secure = secures[place] else { return }
        secure.note(end, stream.direction)
        let outer = context.enter(secure)
        secure.connection.end(TLSDirection(stream.direction), in: packet, context.tls, into: &self)
        context.leave(to: outer)
    }

    /// The stream is over, or of no further interest: tells what was not read, once no secrets can come for it any more.
    mutating func closeTLS(_ place: Int32, _ reason: StreamEnd, in packet: PacketHeader) {
        guard let secure = secures[place] else { return }
        guard secure.connection.awaitsSecrets, context.tls.keysMayCome else {
            return finishTLS(place, reason, in: packet)
        }
        secure.ending = (reason, packet)
        parked.append(place)
        let limits = context.tls.limits
        while let oldest = parked.first, let ending = secures[oldest]?.ending,
            parked.count > limits.parkedConnections
                || packet.timestamp.nanoseconds &- ending.packet.timestamp.nanoseconds > limits.parkedTime
        {
            finishParkedTLS(oldest)
        }
    }

    /// No secrets come any more for connections that are over.
    mutating func endParkedTLS() { while let oldest = parked.first { finishParkedTLS(oldest) } }

    private mutating func finishParkedTLS(_ place: Int32) {
        parked.removeAll { $0 == place }
        guard let secure = secures[place], let ending = secure.ending else { return }
        let order = context.order
        begin(order.closing(openedIn: secure.first.number))
        let part = context.part
        context.part = secure.outer.shard
        finishTLS(place, ending.reason, in: ending.packet)
        context.part = part
        begin(order)
    }

    private mutating func finishTLS(_ place: Int32, _ reason: StreamEnd, in packet: PacketHeader) {
        guard let secure = secures[place] else { return }
        let outer = context.enter(secure)
        let unread = secure.connection.finish(context.tls, into: &self)
        if case .followed = secure.carried {
            for direction in [Direction.fromFirst, .fromSecond] {
                tellUnread(secure, direction, isLast: true, before: packet)
            }
            closed(secure.inner, secure.flow.key, reason, in: packet)
        }
        context.leave(to: outer)
        secures.remove(at: place)
        context.report(secure, unread: unread)
    }

    /// Tells what is carried that bytes of it are not read.
    private mutating func tellUnread(
        _ secure: SecureStream, _ direction: Direction, isLast: Bool = false, before packet: PacketHeader
    ) {
        let count = secure.takeUnread(direction, isLast: isLast)
        guard count > 0 else { return }
        missUnread(count, on: StreamID(secure.inner, direction), before: packet)
    }

    /// Bytes on the wire are not read.
    private mutating func missUnread(_ count: Int, on stream: StreamID, before packet: PacketHeader) {
        if let plain = context.plain {
            // How many bytes they carry is not known, so nobody may read on as if a frame went on behind them.
            let rest = Int(clamping: frameRest(of: stream))
            plain.missed(max(count, rest == .max ? rest : rest + 1), on: stream, before: packet)
        }
        missed(count, because: .notDecrypted, on: stream, before: packet)
    }

    /// Secrets have come: what waits for them goes on, in the order in which the connections began.
    mutating func retryTLS() {
        let order = context.order
        var waiting: [(place: Int32, secure: SecureStream)] = []
        for place in secures.places {
            if let secure = secures[place], secure.connection.isWaiting { waiting.append((place, secure)) }
        }
        for (place, secure) in waiting.sorted(by: { $0.secure.first.number < $1.secure.first.number }) {
            begin(order.closing(openedIn: secure.first.number))
            context.part = secure.outer.shard
            let outer = context.enter(secure)
            secure.connection.retry(context.tls, into: &self)
            context.leave(to: outer)
            if secure.ending != nil, !secure.connection.awaitsSecrets { finishParkedTLS(place) }
        }
        begin(order)
    }
}

extension Conversations: TLSSink {
    mutating func received(_ plain: RawSpan, on direction: TLSDirection, from record: TLSRecordPlace) {
        guard let secure = context.secure else { return }
        if case .nothing = secure.carried { follow(secure, in: record.packet) }
        guard case .followed = secure.carried else { return }
        let stream = StreamID(secure.inner, Direction(direction))
        context.plain?.received(plain, on: stream, in: record.packet, isPeerBehind: record.isPeerBehind)
        if !received(plain, on: stream, in: record.packet, isPeerBehind: secure.isPeerBehind) {
            secure.carried = .ignored
        }
    }

    mutating func missed(_ loss: TLSLoss, on direction: TLSDirection, before packet: PacketHeader) {
        guard let secure = context.secure else { return }
        // Data may be missing before the first that is read.
        if case .nothing = secure.carried { secure.mayLackStart = true }
        guard case .followed = secure.carried else { return }
        missUnread(loss.wireBytes, on: StreamID(secure.inner, Direction(direction)), before: packet)
    }

    mutating func ended(_ direction: TLSDirection, in packet: PacketHeader) {
        guard let secure = context.secure, case .followed = secure.carried else { return }
        let direction = Direction(direction)
        tellUnread(secure, direction, isLast: true, before: packet)
        let (end, stream) = (secure.end(of: direction), StreamID(secure.inner, direction))
        context.plain?.ended(end, on: stream, in: packet)
        ended(end, on: stream, in: packet)
    }

    mutating func found(_ event: TLSEvent, on direction: TLSDirection, in packet: PacketHeader) {
        guard let secure = context.secure else { return }
        switch event {
        case .dataBegins: secure.carriesData = true
        case .alert(let alert) where alert.isFatal && secure.alert == nil && !secure.carriesData:
            secure.alert = (Direction(direction), alert.name)
        case .closed:
            guard case .followed = secure.carried else { break }
            let stream = StreamID(secure.inner, Direction(direction))
            if noteTLSEnd(on: stream, in: packet) { context.plain?.endedInside(stream, in: packet) }
        case .clientHello: secure.helloDirection = Direction(direction)
        case .alert, .serverHello, .encryptedExtensions, .keyUpdate, .earlyDataRejected, .opened: break
        }
    }

    /// Before TCP ends, TLS may: who ends that first ends the connection, and the FIN of the other peer is the answer. Returns
    /// whether nothing else has told before that it ends.
    private mutating func noteTLSEnd(on stream: StreamID, in packet: PacketHeader) -> Bool {
        switch self[stream.flow] {
        case .tunnel(let place, let client):
            return tunnels[place].noteTLSEnd(by: Sender(stream.direction, client: client), in: packet)
        case .http2(let place):
            var isFirst = false
            for (_, inner) in sessions[place]?.inOrder ?? []
            where noteTLSEnd(on: StreamID(inner, stream.direction), in: packet) {
                isFirst = true
            }
            return isFirst
        case .http, .greeted, .answered, .tls, .opening, .silent, .ignored: return false
        }
    }

    /// Begins to follow what a connection carries.
    private mutating func follow(_ secure: SecureStream, in packet: PacketHeader) {
        secure.carried = .followed
        begin(secure.inner, secure.flow, isStartKnown: secure.isStartKnown)
        for direction in [Direction.fromFirst, .fromSecond] { tellUnread(secure, direction, before: packet) }
    }
}
