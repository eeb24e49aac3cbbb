import TapCore
import TapHTTP
import TapWebSocket

/// What becomes of a conversation that shows no handshake, or only a part of one.
extension HTTPConversation {
    /// Looks whether a connection whose handshake was not captured is WebSocket.
    mutating func pickUp(
        _ bytes: RawSpan, _ direction: Direction, in packet: PacketHeader, _ context: inout AnalysisContext
    ) -> Outcome {
        switch pickUp?.receive(bytes, direction, in: packet) {
        case nil, .undecided: return .goingOn
        case .encrypted(let held):
            pickUp = nil
            return .secured(TLSStart(isStartCaptured: false, held: held, proxy: proxy))
        case .multiplexed(let found):
            pickUp = nil
            return .multiplexed(HTTP2Start(.pickedUp(found), proxy: proxy))
        case .hopeless:
            pickUp = nil
            return .goingOn
        case .convinced(let client):
            return pickUp.map { picked($0, client: client, &context) } ?? .goingOn
        }
    }

    mutating func picked(
        _ pickUp: PickUp, client: Direction, hasEnded: Bool = false, _ context: inout AnalysisContext
    ) -> Outcome {
        .upgraded(
            Upgrade(
                connection: name(&context), request: .absent, response: .absent, client: client,
                held: pickUp.held, proxy: proxy,
                evidence: PickUpEvidence(frames: pickUp.frames, confidence: pickUp.confidence),
                starts: pickUp.starts(client: client, missing: held.missing, hasEnded: hasEnded)))
    }

    /// No more will come: an upgrade that waits for the other side will not get it.
    mutating func finish(in packet: PacketHeader, _ context: inout AnalysisContext) -> Outcome {
        if case .ignored = releasePrior(in: packet, &context) { return .ignored }
        reportRefusal(&context)
        // Inside a tunnel that is taken for granted there may be another request that waits.
        while isWorthGivingUp {
            let outcome = giveUpWaiting(in: packet, &context)
            guard case .goingOn = outcome else { return outcome }
        }
        if let pickUp, let client = pickUp.clientAtEnd {
            switch state {
            case .exchanging: return picked(pickUp, client: client, hasEnded: true, &context)
            case .awaitingFrames(client, let response):
                return upgrade(requests.first(where: \.mayUpgrade), response, client: client, &context)
            case .awaitingAnswer, .awaitingRequest, .awaitingFrames: break
            }
        }
        for server in [Direction.fromFirst, .fromSecond] {
            _ = adoptCutRequest(answeredBy: server, in: packet, &context) { $0.namesWebSocket }
        }
        finishLongHeads(in: packet, &context)
        reportUnanswered(in: packet, &context)
        return .ignored
    }

    /// Whether what is held shows more than that a request waits.
    private var isWorthGivingUp: Bool {
        switch state {
        case .awaitingRequest: true
        case .awaitingAnswer(let client, _): !held.prefix(client, 1).isEmpty && !isAnswerAbsent(from: client.opposite)
        case .exchanging, .awaitingFrames: false
        }
    }

    /// Whether every byte that a peer sent was captured, up to its end, and none of them where an answer should be.
    private func isAnswerAbsent(from server: Direction) -> Bool {
        held.hasEnd(server) && self[server].isBetweenHeads && !held.hasHeadHole(server)
    }

    /// A limit was reached: what waits is told, and nothing more is looked at.
    mutating func giveUp(in packet: PacketHeader, _ context: inout AnalysisContext) -> Outcome {
        context.summary.flowsGivenUp += 1
        reportUnanswered(in: packet, &context)
        return .ignored
    }

    /// One side of the handshake will not be seen; the other is enough to know that this is WebSocket.
    mutating func giveUpWaiting(in packet: PacketHeader, _ context: inout AnalysisContext) -> Outcome {
        switch state {
        case .exchanging:
            forgetHeld()
            return .goingOn
        case .awaitingAnswer(let client, _):
            return giveUpAnswer(to: client, in: packet, &context)
        case .awaitingRequest(let response, let server, _):
            let part = self[server.opposite].part
            let request = part.map { pending($0, from: server.opposite, isEndKnown: false, &context) }
            return upgrade(request, response, client: server.opposite, &context)
        case .awaitingFrames(let client, _):
            // Whatever it is, it is no chain of frames: HTTP may go on behind it.
            reportUnanswered(in: packet, &context)
            forgetHeld()
            self[client].seek()
            self[client.opposite].seek()
            state = .initial
            pickUp = nil
            return .goingOn
        }
    }

    private mutating func giveUpAnswer(
        to client: Direction, in packet: PacketHeader, _ context: inout AnalysisContext
    ) -> Outcome {
        guard let waiting = requests.first(where: \.mayUpgrade) else {
            // A proxy whose answer was not captured has most likely opened the tunnel.
            guard requests.last?.isTunnel ?? false else { return .ignored }
            return enterTunnel(in: packet, &context)
        }
        if !laterRequests(of: client).isEmpty { return passOver(in: packet, &context) }
        let part = self[client.opposite].part.map { SwitchHead($0, isEndKnown: false) }
        let isRefused = part?.status.map { $0 != 101 } ?? false
        let isWebSocket = waiting.seen.namesWebSocket || part?.namesWebSocket ?? false || part?.status == 101
        guard !isRefused, isWebSocket else { return giveUp(in: packet, &context) }
        return upgrade(waiting, part ?? .absent, client: client, &context)
    }

    private mutating func forgetHeld() {
        for direction in [Direction.fromFirst, .fromSecond] {
            held.remove(direction)
            if self[direction].isInCutHead { self[direction].seek() }
        }
    }

    /// The bytes where a response must begin are not one: scans behind them for a response, once.
    mutating func receiveStray(
        _ bytes: RawSpan, _ direction: Direction, in packet: PacketHeader, _ context: inout AnalysisContext
    ) -> Outcome {
        guard case .awaitingAnswer(let client, 0) = state, client != direction, waitingAttempt() != nil,
            !held.hasHeadHole(direction)
        else {
            reportUnanswered(in: packet, &context)
            return .ignored
        }
        state = .awaitingAnswer(client: client, strayBytes: bytes.byteCount)
        self[direction].seekStatusLine(after: bytes, in: packet)
        return .goingOn
    }

    /// The status line is there, behind other bytes: where these are frames, they are decoded as such.
    mutating func receive(_ stray: HTTPStrayBytes, _ direction: Direction) {
        guard case .awaitingAnswer(let client, _) = state else { return }
        state = .awaitingAnswer(client: client, strayBytes: stray.bytes.count)
        var chain = FrameChain(FrameChain.Expectation(isMasked: false))
        var surroundings = Surroundings()
        let bytes = stray.bytes.span.bytes
        surroundings.note(bytes)
        guard chain.receive(bytes, among: surroundings), chain.isAtBoundary else { return }
        held.append(bytes, direction, in: stray.packet)
    }

    /// A head that never ended, though longer than the limit, is told where it asks for WebSocket; else it is counted.
    private mutating func finishLongHeads(in packet: PacketHeader, _ context: inout AnalysisContext) {
        for direction in [Direction.fromFirst, .fromSecond] {
            guard let head = self[direction].longHead(in: packet) else { continue }
            if case .request(let method, _, _) = head.startLine, HandshakeCheck.isAttempt(head), waitingAttempt() == nil
            {
                let attempt = UpgradeAttempt(connection: name(&context), request: head)
                requests.append(PendingRequest(method: method, client: direction, attempt: attempt))
            } else {
                context.summary.flowsGivenUp += 1
            }
        }
    }

    /// Tells of a request that waits for its answer, and what is known of that.
    mutating func reportUnanswered(in packet: PacketHeader, _ context: inout AnalysisContext) {
        guard let waiting = requests.first(where: { $0.attempt != nil }), let attempt = waiting.attempt else { return }
        requests.removeAll()
        report(attempt, from: waiting.client, answer(from: waiting.client.opposite, in: packet), &context)
    }

    private func answer(from server: Direction, in packet: PacketHeader) -> FailedAnswer {
        switch state {
        case .awaitingFrames(_, let response): return .cut(response, isEnded: false)
        case .awaitingAnswer(_, 1...): return .noHTTP
        case .exchanging, .awaitingAnswer, .awaitingRequest: break
        }
        if let part = self[server].part, part.gap.captured > 0 {
            let response = SwitchHead(part, isEndKnown: false)
            if let head = response.head, let status = response.status, status != 101 { return .refused(head) }
            return .cut(response, isEnded: held.hasEnd(server) && part.gap.missing == 0 && !held.hasHeadHole(server))
        }
        if self[server].isNotHTTP { return held.hasHeadHole(server) ? .unknown : .noHTTP }
        if hasForgottenAnswer { return .unknown }
        return .none(isCertain: isAnswerAbsent(from: server), missing: held.missingInHeads(server))
    }

    func waitingAttempt() -> UpgradeAttempt? {
        for request in requests { if let attempt = request.attempt { return attempt } }
        return nil
    }

    func report(
        _ attempt: UpgradeAttempt, from client: Direction, _ answer: FailedAnswer, _ context: inout AnalysisContext
    ) {
        let judge = HandshakeJudge(
            flow: flow, roundTrip: roundTrip, client: client, connection: attempt.connection, proxy: proxy)
        context.report(judge.judge(attempt.request, failedWith: answer), of: flow, process)
    }
}
