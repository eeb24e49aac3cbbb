import TapCore
import TapHTTP
import TapHTTP2
import TapWebSocket

/// The streams of connections of HTTP/2 and HTTP/3, each of which may be WebSocket.
extension Conversations {
    /// Begins to follow a stream.
    mutating func follow(_ id: HTTP2StreamID, of session: StreamSession) -> HTTP2Opening {
        let opening = HTTP2Opening(session.tunnelStream(id))
        let place = openings.insert(opening)
        let inner = FlowID(Int(place), part: 2 * FlowKey.parts + context.part)
        follow(inner, as: .opening(place: place))
        session[id] = inner
        return opening
    }

    /// A stream that is followed and is not WebSocket yet.
    private func opening(_ id: HTTP2StreamID, of session: StreamSession) -> HTTP2Opening? {
        guard let inner = session[id], case .opening(let place) = self[inner] else { return nil }
        return openings[place]
    }

    /// A stream is over, or of no further interest.
    /// - Parameter signal: what ended it, where that is not TCP.
    mutating func close(
        _ id: HTTP2StreamID, of session: StreamSession, _ reason: StreamEnd, _ signal: StreamSignal?,
        in packet: PacketHeader
    ) {
        guard let inner = session[id] else { return }
        if case .opening(let place) = self[inner], let opening = openings[place] {
            finish(opening, id, of: session, signal, in: packet)
        }
        if case .tunnel(let place, let client) = self[inner] {
            finishTunnel(
                place, client, session.flow.key, reason, in: session.tunnelStream(id),
                after: session.goAway(for: id, client: client))
        }
        forget(id, of: session)
    }

    private mutating func forget(_ id: HTTP2StreamID, of session: StreamSession) {
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
        if opening.holdsData { opening.held.appendHole(count, because: reason, direction, before: packet) }
    }

    mutating func endOpening(_ end: DirectionEnd, _ place: Int32, _ direction: Direction, in packet: PacketHeader) {
        guard let opening = openings[place] else { return }
        opening.pickUp?.end(end, direction, in: packet)
        if opening.holdsData { opening.held.appendEnd(end, direction, in: packet) }
    }

    /// Takes data of a stream of which is not known yet what it is.
    mutating func receive(
        _ data: RawSpan, of opening: HTTP2Opening, _ id: HTTP2StreamID, _ session: StreamSession,
        _ direction: Direction,
        in packet: PacketHeader
    ) -> HTTP2Interest {
        if opening.holdsData {
            // An answer was sent, and is missing: frames will tell what it was.
            if opening.isAsked, direction != session.client, opening.pickUp == nil { opening.lookForFrames() }
            // Where frames had to be found again, what is given first need not have been sent first.
            let isPeerBehind = session.isPeerBehind || !session.uncertain.isEmpty || !session.isWhole
            opening.held.append(data, direction, in: packet, isPeerBehind: isPeerBehind)
            opening.boundHeld(to: PickUp.mostHeldBytes)
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
        of opening: HTTP2Opening, _ id: HTTP2StreamID, _ session: StreamSession, in packet: PacketHeader
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
        _ opening: HTTP2Opening, _ id: HTTP2StreamID, of session: StreamSession, client: Direction,
        response: HTTPHead? = nil, hasEnded: Bool = false, in packet: PacketHeader
    ) {
        guard let inner = session[id] else { return }
        let response = response ?? opening.response
        let isFromStart = opening.isAsked && opening.holdsData
        var upgrade = Upgrade(
            connection: opening.name ?? name(id, of: session),
            request: opening.request.map { SwitchHead($0) } ?? .absent,
            response: response.map { SwitchHead($0) } ?? .absent, client: client,
            held: isFromStart ? opening.held : opening.pickUp?.held ?? HeldBytes(), proxy: session.proxy)
        upgrade.stream = opening.stream
        upgrade.violations = opening.violations
        upgrade.unseen = opening.unseen
        if !isFromStart, let pickUp = opening.pickUp {
            upgrade.evidence = PickUpEvidence(frames: pickUp.frames, confidence: pickUp.confidence)
            upgrade.starts = pickUp.starts(client: client, missing: opening.missing, hasEnded: hasEnded)
        }
        context.heldHTTP -= opening.countedBytes
        openings[Int32(inner.index)] = nil
        // A stream shares its connection of TCP with others, and so it has no round trip of its own.
        open(upgrade, session.flow, 0, of: session.process, after: [], on: inner, in: packet)
        guard case .tunnel(let place, let client) = self[inner] else { return }
        for untold in session.takeUntold() {
            let sender = Sender(untold.direction, client: client)
            tunnels[place].report(untold.violation, sender, in: untold.packet, &context)
        }
    }

    private mutating func name(_ id: HTTP2StreamID, of session: StreamSession) -> ConnectionName {
        ConnectionName(
            number: context.nextConnection(), id: ConnectionID(session.flow, stream: id.rawValue))
    }

    /// A request asks for WebSocket and will get no answer, or what became of it is not known.
    private mutating func fail(
        _ opening: HTTP2Opening, _ session: StreamSession, _ answer: FailedAnswer
    ) {
        guard let name = opening.name, let request = opening.request, let client = session.client else { return }
        let judge = HandshakeJudge(
            flow: session.flow, roundTrip: 0, client: client, connection: name, proxy: session.proxy,
            stream: opening.stream,
            streamViolations: opening.violations)
        context.report(judge.judge(request, failedWith: answer), of: session.flow, session.process)
    }

    /// Nothing more comes of a stream: tells what is known of it.
    private mutating func finish(
        _ opening: HTTP2Opening, _ id: HTTP2StreamID, of session: StreamSession, _ signal: StreamSignal?,
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
        let mayLackAnswer =
            !session.isWhole(server) || !session.hasSpoken(server)
            || !session.unseen(client: client).union(session.uncertain).isEmpty
        if mayLackAnswer, !opening.held.prefix(client, 1).isEmpty {
            // Who sends data has most likely had the answer that is missing.
            return open(opening, id, of: session, client: client, in: packet)
        }
        if mayLackAnswer { return fail(opening, session, .unknown) }
        if case .reset(_, let code) = signal, let sender = opening.resetBy {
            return fail(opening, session, .reset(sender == client ? .client : .server, HTTP2ErrorCode(code)))
        }
        let isCertain = session.isKnownToEnd(server) || signal == .endStream
        fail(opening, session, .none(isCertain: isCertain, missing: 0))
    }

    // MARK: Heads

    mutating func receive(request head: HTTP2Head, of session: StreamSession, in packet: PacketHeader) {
        let opening = opening(head.stream, of: session) ?? follow(head.stream, of: session)
        opening.request = head.request
        opening.isExtendedConnect = head.isExtendedConnect || !head.isWhole
        if head.asksForWebSocket, opening.request != nil {
            opening.name = name(head.stream, of: session)
            // Where frames of the client had to be found again, the response may be known before its request.
            if let client = session.client, let response = opening.response {
                return answer(
                    opening, head.stream, of: session, client: client, response,
                    isAgreed: opening.isAgreed(by: response), in: packet)
            }
        } else if opening.pickUp == nil {
            opening.pickUp = PickUp(mayBeHTTP2: false)
        }
        _ = countHeldBytes(of: opening, head.stream, session, in: packet)
    }

    mutating func receive(
        response head: HTTP2Head, of session: StreamSession, _ direction: Direction, in packet: PacketHeader
    ) {
        let opening = opening(head.stream, of: session) ?? follow(head.stream, of: session)
        guard !head.isInterim else { return }
        guard head.status != nil else {
            if head.isWhole, opening.isAsked {
                fail(opening, session, .noHTTP)
                forget(head.stream, of: session)
            } else if opening.isAsked, opening.pickUp == nil {
                opening.lookForFrames()
            }
            return
        }
        guard let message = head.response else { return }
        let isAgreed = opening.isAgreed(by: message)
        switch (opening.isAsked, isAgreed) {
        case (true, _):
            answer(
                opening, head.stream, of: session, client: direction.opposite, message, isAgreed: isAgreed, in: packet)
        case (false, true):
            opening.response = message
            if opening.pickUp == nil { opening.pickUp = PickUp(mayBeHTTP2: false) }
        // Its request may be among what is not read yet.
        case (false, false) where opening.request == nil && !session.unseen(client: direction.opposite).isEmpty:
            opening.response = message
        case (false, false): forget(head.stream, of: session)
        }
    }

    /// The request and the response of a stream are known.
    private mutating func answer(
        _ opening: HTTP2Opening, _ id: HTTP2StreamID, of session: StreamSession, client: Direction,
        _ response: HTTPHead, isAgreed: Bool, in packet: PacketHeader
    ) {
        if isAgreed { return open(opening, id, of: session, client: client, response: response, in: packet) }
        fail(opening, session, .refused(response))
        forget(id, of: session)
    }
}

extension Conversations {
    /// Tells what is wrong with a connection as a whole: of one of its streams that is WebSocket, now or once there is one.
    mutating func tell(
        _ violation: Violation, of session: StreamSession, _ direction: Direction, in packet: PacketHeader
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
