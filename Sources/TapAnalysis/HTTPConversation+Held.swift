import TapCore
import TapHTTP

/// What is missing, what ends, and what is held in a conversation until it can be understood.
extension HTTPConversation {
    /// Steps over bytes that are missing from the capture.
    mutating func miss(
        _ count: Int, because reason: GapReason, _ direction: Direction, before packet: PacketHeader
    ) {
        if holdsPrior(direction) {
            prior?.appendHole(count, because: reason, direction, before: packet)
            return
        }
        var isHeadAwaited = true
        if $refusal { missBody(direction) }
        switch state {
        // The request that was to come late may be what is missing.
        case .exchanging(let early):
            hasForgottenAnswer = hasForgottenAnswer || !early.isEmpty
            state = .initial
            isHeadAwaited = self[direction].isUntouched
        case .awaitingRequest(let response, let server, _):
            state = .awaitingRequest(response, server: server, early: [])
        case .awaitingAnswer, .awaitingFrames: break
        }
        if !isHolding(direction), self[direction].skip(count, isExact: reason.isExact, isHeadAwaited: isHeadAwaited) {
            // What may have been the rest of the head is a part of it.
            if !held.isEmpty { held.removeBytes(direction) }
            held.appendHeadHole(count, because: reason, direction, before: packet)
            return
        }
        pickUp?.miss(direction)
        if isHolding(direction) {
            held.appendHole(count, because: reason, direction, before: packet)
        } else {
            held.remove(direction)
            held.appendEarlierHole(count, because: reason, direction, before: packet)
        }
    }

    /// A direction ends, which is to be told if this becomes WebSocket.
    mutating func end(_ end: DirectionEnd, _ direction: Direction, in packet: PacketHeader) {
        if holdsPrior(direction) { prior?.appendEnd(end, direction, in: packet) }
        pickUp?.end(end, direction, in: packet)
        if $refusal { endBody(end, direction) }
        // Where nothing waits, it does not matter.
        if case .exchanging = state, held.pieces.isEmpty { return }
        held.appendEnd(end, direction, in: packet)
    }

    /// The answer is there: what the client sent after its request is read now, up to the next that must wait.
    mutating func replay(in packet: PacketHeader, _ context: inout AnalysisContext) -> Outcome {
        guard case .awaitingAnswer(let client, _) = state else { return .goingOn }
        state = .initial
        held.settleHeads(client)
        let pieces = held.pieces
        held = HeldBytes()
        var outcome = Outcome.goingOn
        for piece in pieces {
            guard piece.direction == client, case .goingOn = outcome, !isHolding(client) else {
                held.append(piece)
                continue
            }
            switch piece.content {
            case .bytes(let bytes):
                var offset = 0
                while offset < bytes.count, !isHolding(client), case .goingOn = outcome {
                    outcome = read(
                        bytes.span.bytes, from: &offset, client, in: piece.packet, isPeerBehind: piece.isPeerBehind,
                        &context)
                }
                guard offset < bytes.count else { continue }
                let rest = bytes.span.bytes.from(offset)
                held.append(rest, client, in: piece.packet, isPeerBehind: piece.isPeerBehind)
            case .missing(let count, let reason), .missingInHead(let count, let reason):
                miss(count, because: reason, client, before: piece.packet)
            case .missingEarlier, .late, .ended: held.append(piece)
            }
        }
        return outcome
    }
}
