import TapCore
import TapHTTP
import TapWebSocket

/// What becomes of heads that were captured in part.
extension HTTPConversation {
    /// - Parameter isEndKnown: whether the head's last byte was just read; else what came after the missing bytes is held.
    mutating func receive(
        _ part: HTTPHeadPart, isEndKnown: Bool, _ direction: Direction, in packet: PacketHeader,
        _ context: inout AnalysisContext
    ) -> Outcome {
        let seen = SwitchHead(part, isEndKnown: isEndKnown)
        switch state {
        case .awaitingRequest(let response, let server, _) where direction != server:
            let request = pending(part, from: direction, isEndKnown: isEndKnown, &context)
            return upgrade(request, response, client: direction, &context)
        case .awaitingAnswer(let client, _) where direction != client:
            return receiveAnswer(seen, to: client, in: packet, &context)
        case .exchanging, .awaitingAnswer, .awaitingRequest, .awaitingFrames:
            return receiveElsewhere(part, seen, direction, in: packet, &context)
        }
    }

    /// The answer to a request that may upgrade.
    private mutating func receiveAnswer(
        _ seen: SwitchHead, to client: Direction, in packet: PacketHeader, _ context: inout AnalysisContext
    ) -> Outcome {
        if let status = seen.status, status != 101 { return receiveRefusal(seen, to: client, in: packet, &context) }
        let outcome = passOverLost(before: seen, from: client.opposite, in: packet, &context)
        guard case .goingOn = outcome else { return outcome }
        if answersLost(seen, from: client.opposite, isPeerBehind: false) {
            return upgradeLost(seen, client: client, &context)
        }
        guard let waiting = requests.first(where: \.mayUpgrade) else {
            // It was a proxy that was asked for a tunnel, or nothing waits any more.
            self[client.opposite].seek()
            held.removeBytes(client.opposite)
            return .goingOn
        }
        state = .awaitingFrames(client: client, response: seen)
        let isNamed = waiting.seen.namesWebSocket || seen.namesWebSocket
        if isNamed, seen.status == 101 || seen.status == nil && seen.namesWebSocket {
            return upgrade(waiting, seen, client: client, &context)
        }
        pickUp = PickUp(mayBeHTTP2: false)
        for piece in held.pieces {
            guard case .bytes(let bytes) = piece.content else { continue }
            let outcome = lookForFrames(bytes.span.bytes, piece.direction, in: piece.packet, &context)
            guard case .goingOn = outcome else { return outcome }
        }
        return .goingOn
    }

    /// Any status but 101, where the head or its end is missing: what body follows is not known.
    private mutating func receiveRefusal(
        _ seen: SwitchHead, to client: Direction, in packet: PacketHeader, _ context: inout AnalysisContext
    ) -> Outcome {
        if isAnswerLost(before: seen, from: client.opposite) { return giveUpLost(&context) }
        self[client.opposite].seek()
        guard let head = seen.head, let status = seen.status, status >= 200 else { return .goingOn }
        if let index = requests.firstIndex(where: \.mayLeaveHTTP) {
            let request = requests[index]
            requests.removeSubrange(...index)
            if let attempt = request.attempt { report(attempt, from: client, .refused(head), &context) }
        }
        held.remove(client.opposite)
        return replay(in: packet, &context)
    }

    /// No head of a switch is awaited of this direction.
    private mutating func receiveElsewhere(
        _ part: HTTPHeadPart, _ seen: SwitchHead, _ direction: Direction, in packet: PacketHeader,
        _ context: inout AnalysisContext
    ) -> Outcome {
        switch part.head?.startLine {
        case .request("GET", _, _) where requests.count < context.options.pipelineLimit:
            guard seen.namesWebSocket || seen.isEndKnown || sendsFrames(direction) else { break }
            requests.append(pending(part, from: direction, isEndKnown: seen.isEndKnown, &context))
            hold(direction)
            return .goingOn
        case .response(_, 101, _):
            let isKnown = seen.namesWebSocket
            let client = direction.opposite
            if adoptCutRequest(
                answeredBy: direction, in: packet, &context, if: { isKnown || $0.namesWebSocket || $0.isGET })
            {
                return receiveAnswer(seen, to: client, in: packet, &context)
            }
            guard isKnown, requests.isEmpty || self[client].isSeeking || self[client].isInCutHead else { break }
            requests.removeAll()
            wait(forRequestOf: seen, from: direction)
            return .goingOn
        case .response:
            if adoptCutRequest(answeredBy: direction, in: packet, &context, if: \.namesWebSocket) {
                return receiveRefusal(seen, to: direction.opposite, in: packet, &context)
            }
            if requests.first.map({ $0.client != direction }) ?? false { requests.removeFirst() }
        case nil where seen.isEndKnown && part.isRequest && requests.isEmpty:
            requests.append(pending(part, from: direction, isEndKnown: true, &context))
            hold(direction)
            return .goingOn
        case .request, nil: break
        }
        self[direction].seek()
        if held.hasHeadHole(direction) { pickUp?.miss(direction) }
        openPickUp()
        let pieces = held.pieces.filter { $0.direction == direction }
        held.removeBytes(direction)
        for piece in pieces {
            guard case .bytes(let bytes) = piece.content else { continue }
            let outcome = pickUp(bytes.span.bytes, direction, in: piece.packet, &context)
            guard case .goingOn = outcome else { return outcome }
        }
        return .goingOn
    }

    /// A request of which no more will come, since this peer answers it, waits for the answer from now on; answers whether
    /// there is one.
    mutating func adoptCutRequest(
        answeredBy server: Direction, in packet: PacketHeader, _ context: inout AnalysisContext,
        if isUpgrade: (HTTPHeadPart) -> Bool
    ) -> Bool {
        let client = server.opposite
        guard case .exchanging = state, requests.isEmpty, self[client].isInCutHead,
            let part = self[client].part, isUpgrade(part)
        else { return false }
        if case .response = part.head?.startLine { return false }
        requests.append(pending(part, from: client, isEndKnown: false, &context))
        self[client].seek()
        hold(client)
        return true
    }

    /// A new head begins where the rest of one that was cut might have been.
    mutating func forgetCutHead(
        _ direction: Direction, in packet: PacketHeader, _ context: inout AnalysisContext
    ) {
        held.removeBytes(direction)
        guard let part = self[direction].part, case .request? = part.head?.startLine, part.namesWebSocket
        else { return }
        let request = pending(part, from: direction, isEndKnown: false, &context)
        if let attempt = request.attempt { report(attempt, from: direction, .unknown, &context) }
    }

    /// Whether what the client sent after its request begins like a frame.
    func sendsFrames(_ client: Direction) -> Bool {
        let bytes = held.prefix(client, 2)
        guard bytes.count == 2, bytes[1] & 0x80 != 0 else { return false }
        let opcode = Opcode(rawValue: bytes[0] & 0xF)
        guard !opcode.isReserved, bytes[0] & 0x30 == 0 else { return false }
        return !opcode.isControl || bytes[0] & 0xC0 == 0x80 && bytes[1] & 0x7F <= 125
    }

    /// Looks whether what is held, of which these bytes are the last, shows that the connection has left HTTP.
    mutating func lookForFrames(
        _ bytes: RawSpan, _ direction: Direction, in packet: PacketHeader, _ context: inout AnalysisContext
    ) -> Outcome {
        guard case .awaitingFrames(let client, let response) = state, let waiting = requests.first(where: \.mayUpgrade)
        else { return .goingOn }
        let isLikely = waiting.seen.namesWebSocket || response.status == 101
        var isConvinced = isLikely && sendsFrames(client)
        switch pickUp?.receive(bytes, direction, in: packet) {
        case .convinced(client): isConvinced = true
        case .encrypted, .multiplexed, .hopeless: pickUp = nil
        case nil, .convinced, .undecided: break
        }
        if isLikely, pickUp?.isConvincing(server: client.opposite) ?? false { isConvinced = true }
        return isConvinced ? upgrade(waiting, response, client: client, &context) : .goingOn
    }

    /// HTTP goes on after an answer that is lost.
    mutating func goOn(after client: Direction) {
        held.removeBytes(client.opposite)
        state = .awaitingAnswer(client: client, strayBytes: 0)
        pickUp = nil
    }

    /// A request that was captured in part.
    mutating func pending(
        _ part: HTTPHeadPart, from client: Direction, isEndKnown: Bool, _ context: inout AnalysisContext
    ) -> PendingRequest {
        let head = part.head.flatMap { HandshakeCheck.isAttempt($0) ? $0 : nil }
        let attempt = head.map { UpgradeAttempt(connection: name(&context), request: $0) }
        return PendingRequest(part, from: client, isEndKnown: isEndKnown, attempt: attempt)
    }
}

extension HTTPHeadPart {
    fileprivate var isGET: Bool { if case .request("GET", _, _) = head?.startLine { true } else { false } }
}
