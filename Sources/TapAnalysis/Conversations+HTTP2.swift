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

    /// What is wrong with segments is told of a stream that is WebSocket, but for what came too late: of which stream that is
    /// is not known.
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

    /// Tells what is wrong with a connection as a whole: of one of its streams that is WebSocket, now or once there is one.
    private mutating func tell(
        _ violation: Violation, of session: HTTP2Session, _ direction: Direction, in packet: PacketHeader
    ) {
        let webSocket = session.first { inner in
            if case .tunnel = self[inner] { true } else { false }
        }
        guard let webSocket, case .tunnel(let place, let client) = self[webSocket] else {
            return session.keep(violation, direction, in: packet)
        }
        tunnels[place].report(violation, Sender(direction, client: client), in: packet, &context)
    }
}

// MARK: - Streams

extension Conversations {
    /// Begins to follow a stream.
    private mutating func follow(_ id: HTTP2StreamID, of session: HTTP2Session) -> HTTP2Opening {
        let opening = HTTP2Opening(TunnelStream(session.transport, id.rawValue))
        let place = openings.insert(opening)
        let inner = FlowID(Int(place), part: 2 * FlowKey.parts + context.part)
        follow(inner, as: .opening(place: place))
        session[id] = inner
        return opening
    }

    /// A stream that is followed and is not WebSocket yet.
    private func opening(_ id: HTTP2StreamID, of session: HTTP2Session) -> HTTP2Opening? {
        guard let inner = session[id], case .opening(let place) = self[inner] else { return nil }
        return openings[place]
    }

    /// A stream is over, or of no further interest.
    /// - Parameter signal: what ended it, where that is not TCP.
    private mutating func close(
        _ id: HTTP2StreamID, of session: HTTP2Session, _ reason: StreamEnd, _ signal: StreamSignal?,
        in packet: PacketHeader
    ) {
        guard let inner = session[id] else { return }
        if case .opening(let place) = self[inner], let opening = openings[place] {
            finish(opening, id, of: session, signal, in: packet)
        }
        if case .tunnel(let place, let client) = self[inner] {
            finishTunnel(
                place, client, session.flow.key, reason, in: TunnelStream(session.transport, id.rawValue),
                after: session.goAway(for: id, client: client),
                unseen: reason == .reset && signal != nil ? session.unseen(client: client) : [])
        }
        forget(id, of: session)
    }

    private mutating func forget(_ id: HTTP2StreamID, of session: HTTP2Session) {
        guard let inner = session[id] else { return }
        if let opening = openings[Int32(inner.index)] { context.heldHTTP -= opening.countedBytes }
        openings.remove(at: Int32(inner.index))
        self[inner] = .ignored
        session.forget(id)
    }

    mutating func missOpening(
        _ count: Int, _ place: Int32, because reason: GapReason, _ direction: Direction, before packet: PacketHeader
    ) {
        guard let opening = openings[place] else { return }
        opening.pickUp?.miss(direction)
        opening.noteMissing(count, direction)
        if opening.isAsked { opening.held.appendHole(count, because: reason, direction, before: packet) }
    }

    mutating func endOpening(_ end: DirectionEnd, _ place: Int32, _ direction: Direction, in packet: PacketHeader) {
        guard let opening = openings[place] else { return }
        opening.pickUp?.end(end, direction, in: packet)
        if opening.isAsked { opening.held.appendEnd(end, direction, in: packet) }
    }

    /// Takes data of a stream of which is not known yet what it is.
    private mutating func receive(
        _ data: RawSpan, of opening: HTTP2Opening, _ id: HTTP2StreamID, _ session: HTTP2Session, _ direction: Direction,
        in packet: PacketHeader
    ) -> HTTP2Interest {
        if opening.isAsked {
            // An answer was sent, and is missing: frames will tell what it was.
            if direction != session.client, opening.pickUp == nil { opening.lookForFrames() }
            // Where frames had to be found again, what is given first need not have been sent first.
            let isPeerBehind = session.isPeerBehind || !session.isWhole(.fromFirst) || !session.isWhole(.fromSecond)
            opening.held.append(data, direction, in: packet, isPeerBehind: isPeerBehind)
        }
        switch opening.pickUp?.receive(data, direction, in: packet) {
        case .convinced(let client) where session.client ?? client == client:
            open(opening, id, of: session, client: client, in: packet)
            return .wanted
        case .convinced, .encrypted, .hopeless, .multiplexed:
            guard opening.isAsked else {
                forget(id, of: session)
                return .unwanted
            }
            opening.pickUp = nil
        case .undecided, nil: break
        }
        return countHeldBytes(of: opening, id, session, in: packet) ? .undecided : .unwanted
    }

    /// Keeps the sum of what streams hold, and gives this one up where it is too much; answers whether it goes on.
    private mutating func countHeldBytes(
        of opening: HTTP2Opening, _ id: HTTP2StreamID, _ session: HTTP2Session, in packet: PacketHeader
    ) -> Bool {
        context.heldHTTP += opening.recount()
        let isTooMuch = context.heldHTTP > context.heldHTTPLimit
        guard isTooMuch || opening.held.cost > context.options.heldUpgradeLimit else { return true }
        if isTooMuch { context.summary.flowsGivenUp += 1 }
        guard !isTooMuch, opening.isAsked, let client = session.client else {
            close(id, of: session, .evicted, nil, in: packet)
            return false
        }
        open(opening, id, of: session, client: client, in: packet)
        return true
    }

    /// A stream is WebSocket: tells of the handshake, and gives the tunnel what came before this was certain.
    /// - Parameter hasEnded: whether nothing more will come of it.
    private mutating func open(
        _ opening: HTTP2Opening, _ id: HTTP2StreamID, of session: HTTP2Session, client: Direction,
        response: HTTPHead? = nil, hasEnded: Bool = false, in packet: PacketHeader
    ) {
        guard let inner = session[id] else { return }
        let response = response ?? opening.response
        var upgrade = Upgrade(
            connection: opening.name ?? name(id, of: session),
            request: opening.request.map { SwitchHead($0) } ?? .absent,
            response: response.map { SwitchHead($0) } ?? .absent, client: client,
            held: opening.isAsked ? opening.held : opening.pickUp?.held ?? HeldBytes(), proxy: session.proxy)
        upgrade.stream = opening.stream
        upgrade.violations = opening.violations
        if !opening.isAsked, let pickUp = opening.pickUp {
            upgrade.evidence = PickUpEvidence(frames: pickUp.frames, confidence: pickUp.confidence)
            upgrade.starts = pickUp.starts(client: client, missing: opening.missing, hasEnded: hasEnded)
        }
        context.heldHTTP -= opening.countedBytes
        openings[Int32(inner.index)] = nil
        open(upgrade, session.flow, of: session.process, after: [], on: inner, in: packet)
        guard case .tunnel(let place, let client) = self[inner] else { return }
        for untold in session.takeUntold() {
            let sender = Sender(untold.direction, client: client)
            tunnels[place].report(untold.violation, sender, in: untold.packet, &context)
        }
    }

    private mutating func name(_ id: HTTP2StreamID, of session: HTTP2Session) -> ConnectionName {
        ConnectionName(
            number: context.nextConnection(), id: ConnectionID(session.flow, stream: id.rawValue))
    }

    /// A request asks for WebSocket and will get no answer, or what became of it is not known.
    private mutating func fail(
        _ opening: HTTP2Opening, _ session: HTTP2Session, _ answer: FailedAnswer
    ) {
        guard let name = opening.name, let request = opening.request, let client = session.client else { return }
        let judge = HandshakeJudge(
            flow: session.flow, client: client, connection: name, proxy: session.proxy, stream: opening.stream,
            streamViolations: opening.violations)
        context.report(judge.judge(request, failedWith: answer), of: session.flow, session.process)
    }

    /// Nothing more comes of a stream: tells what is known of it.
    private mutating func finish(
        _ opening: HTTP2Opening, _ id: HTTP2StreamID, of session: HTTP2Session, _ signal: StreamSignal?,
        in packet: PacketHeader
    ) {
        if let client = opening.pickUp?.clientAtEnd, session.client ?? client == client {
            return open(opening, id, of: session, client: client, hasEnded: true, in: packet)
        }
        guard opening.isAsked, let client = session.client else { return }
        let server = client.opposite
        if let response = opening.response {
            return fail(opening, session, .cut(SwitchHead(response), isEnded: false))
        }
        let mayLackAnswer = !session.isWhole(server) || !session.hasSpoken(server)
        if mayLackAnswer, !opening.held.prefix(client, 1).isEmpty {
            // Who sends data has most likely had the answer that is missing.
            return open(opening, id, of: session, client: client, in: packet)
        }
        if mayLackAnswer { return fail(opening, session, .unknown) }
        if case .resetStream(let code) = signal, let sender = opening.resetBy {
            return fail(opening, session, .reset(sender == client ? .client : .server, HTTP2ErrorCode(code)))
        }
        let isCertain = session.isKnownToEnd(server) || signal == .endStream
        fail(opening, session, .none(isCertain: isCertain, missing: 0))
    }

    // MARK: Heads

    private mutating func receive(request head: HTTP2Head, of session: HTTP2Session, in packet: PacketHeader) {
        let opening = opening(head.stream, of: session) ?? follow(head.stream, of: session)
        opening.request = head.request
        opening.isExtendedConnect = head.isExtendedConnect || !head.isWhole
        if head.asksForWebSocket, opening.request != nil {
            opening.name = name(head.stream, of: session)
            // Where frames of the client had to be found again, the response may be known before its request.
            if let client = session.client, let response = opening.response, opening.isExtendedConnect {
                return open(opening, head.stream, of: session, client: client, response: response, in: packet)
            }
        } else if opening.pickUp == nil {
            opening.pickUp = PickUp(mayBeHTTP2: false)
        }
        _ = countHeldBytes(of: opening, head.stream, session, in: packet)
    }

    private mutating func receive(
        response head: HTTP2Head, of session: HTTP2Session, _ direction: Direction, in packet: PacketHeader
    ) {
        let opening = opening(head.stream, of: session) ?? follow(head.stream, of: session)
        let isAgreed: Bool
        switch head.status {
        case 101?: isAgreed = true
        case (100..<200)?: return
        case (200..<300)?: isAgreed = opening.isExtendedConnect
        case nil where head.isWhole && opening.isAsked:
            fail(opening, session, .noHTTP)
            return forget(head.stream, of: session)
        case nil:
            if opening.isAsked, opening.pickUp == nil { opening.lookForFrames() }
            return
        case _?: isAgreed = false
        }
        guard let message = head.response else { return }
        switch (opening.isAsked, isAgreed) {
        case (true, true):
            open(opening, head.stream, of: session, client: direction.opposite, response: message, in: packet)
        case (true, false):
            fail(opening, session, .refused(message))
            forget(head.stream, of: session)
        case (false, true):
            opening.response = message
            if opening.pickUp == nil { opening.pickUp = PickUp(mayBeHTTP2: false) }
        case (false, false): forget(head.stream, of: session)
        }
    }
}

// MARK: - What a connection gives

extension Conversations: HTTP2Sink {
    mutating func received(
        _ data: RawSpan, of stream: HTTP2StreamID, on direction: Direction, in packet: PacketHeader
    ) -> HTTP2Interest {
        guard let session = context.session, let inner = session[stream] else { return .unwanted }
        switch self[inner] {
        case .tunnel(let place, let client):
            tunnels[place].receive(data, from: Sender(direction, client: client), in: packet, &context)
            return .wanted
        case .opening(let place):
            guard let opening = openings[place] else { return .unwanted }
            return receive(data, of: opening, stream, session, direction, in: packet)
        case .silent, .http, .greeted, .tls, .http2, .ignored: return .unwanted
        }
    }

    mutating func missed(
        _ loss: HTTP2Loss, of stream: HTTP2StreamID, on direction: Direction, before packet: PacketHeader
    ) {
        guard let session = context.session, let inner = session[stream] else { return }
        missed(
            Int(clamping: loss.bytes), because: loss.isExact ? session.gapReason : .anyStream,
            on: StreamID(inner, direction), before: packet)
    }

    mutating func found(_ event: HTTP2Event, on direction: Direction, in packet: PacketHeader) {
        guard let session = context.session else { return }
        switch event {
        case .request(let head):
            session.client = direction
            receive(request: head, of: session, in: packet)
        case .response(let head):
            session.client = direction.opposite
            receive(response: head, of: session, direction, in: packet)
        case .candidate(let id):
            if session[id] == nil { follow(id, of: session).pickUp = PickUp(mayBeHTTP2: false) }
        case .ended(let id): end(id, of: session, direction, in: packet)
        case .reset(let id, let code): reset(id, code, of: session, direction, in: packet)
        case .released(let id): close(id, of: session, .evicted, nil, in: packet)
        case .goAway(let lastStream, let code): session.noteGoAway(direction, lastStream, code)
        case .stall(let stall):
            let violation = Violation(stall, by: session.client.map { Sender(direction.opposite, client: $0) })
            tell(violation, of: session, stall.stream, direction.opposite, in: stall.until ?? packet)
        case .violation(let violation):
            let sender = session.client.map { Sender(direction, client: $0) }
            let isOfAll = violation.rule.endsConnection && session[violation.stream] == nil
            let stream = isOfAll ? HTTP2StreamID.connection : violation.stream
            tell(Violation(violation, by: sender), of: session, stream, direction, in: packet)
        case .limitReached(let limit): tell(Violation(limit), of: session, direction, in: packet)
        case .notHTTP2: session.isRefused = true
        case .alignmentLost: session.note(seeking: true, direction)
        case .alignmentFound: session.note(seeking: false, direction)
        case .trailers, .settings, .fieldsLost: break
        }
    }

    /// Tells what is wrong with a stream, or with all of them.
    private mutating func tell(
        _ violation: Violation, of session: HTTP2Session, _ id: HTTP2StreamID, _ direction: Direction,
        in packet: PacketHeader
    ) {
        guard id != .connection else { return tell(violation, of: session, direction, in: packet) }
        guard let inner = session[id] else { return }
        switch self[inner] {
        case .tunnel(let place, let client):
            tunnels[place].report(violation, Sender(direction, client: client), in: packet, &context)
        case .opening(let place): openings[place]?.violations.append(violation)
        case .silent, .http, .greeted, .tls, .http2, .ignored: break
        }
    }

    private mutating func end(
        _ id: HTTP2StreamID, of session: HTTP2Session, _ direction: Direction, in packet: PacketHeader
    ) {
        guard let inner = session[id] else { return }
        let end = DirectionEnd(.finished, isCaptured: true, isBehindHole: false, seen: [], signal: .endStream)
        ended(end, on: StreamID(inner, direction), in: packet)
        guard session.noteEnd(of: id) else { return }
        close(id, of: session, .finished, .endStream, in: packet)
    }

    private mutating func reset(
        _ id: HTTP2StreamID, _ code: UInt32, of session: HTTP2Session, _ direction: Direction, in packet: PacketHeader
    ) {
        guard let inner = session[id] else { return }
        let signal = StreamSignal.resetStream(code)
        if case .opening(let place) = self[inner] { openings[place]?.resetBy = direction }
        let end = DirectionEnd(.reset, isCaptured: true, isBehindHole: false, seen: [], signal: signal)
        ended(end, on: StreamID(inner, direction), in: packet)
        if session.hasSpoken(direction.opposite) {
            let other = DirectionEnd(.reset, isCaptured: false, isBehindHole: false, seen: [], signal: signal)
            ended(other, on: StreamID(inner, direction.opposite), in: packet)
        }
        close(id, of: session, .reset, signal, in: packet)
    }
}

extension Sender {
    /// Who sends in a direction.
    init(_ direction: Direction, client: Direction) { self = direction == client ? .client : .server }
}
