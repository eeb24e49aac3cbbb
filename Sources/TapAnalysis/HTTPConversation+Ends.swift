import TapBytes
import TapHTTP
import TapStreams
import TapWebSocket

/// What becomes of a conversation that shows no handshake, or only a part of one.
extension HTTPConversation {
    /// Looks whether a connection whose handshake was not captured is WebSocket.
    mutating func pickUp(
        _ bytes: RawSpan, _ direction: Direction, in packet: PacketHeader, _ context: inout AnalysisContext
    ) -> Outcome {
        switch pickUp?.receive(bytes, direction, in: packet) {
        case nil, .undecided: return .goingOn
        case .encrypted:
            pickUp = nil
            context.summary.unread.tlsConnections += 1
            return .ignored
        case .hopeless:
            pickUp = nil
            return .goingOn
        case .convinced(let client):
            return pickUp.map { picked($0, client: client, &context) } ?? .goingOn
        }
    }

    private func picked(_ pickUp: PickUp, client: Direction, _ context: inout AnalysisContext) -> Outcome {
        .upgraded(
            Upgrade(
                connection: context.nextConnection(), request: nil, response: nil, client: client, held: pickUp.held,
                proxy: proxy, evidence: PickUpEvidence(frames: pickUp.frames, confidence: pickUp.confidence)))
    }

    /// A head that never ended, though longer than the limit, is told where it asks for WebSocket; else it is counted.
    mutating func finishLongHeads(in packet: PacketHeader, _ context: inout AnalysisContext) {
        for direction in [Direction.fromFirst, .fromSecond] {
            guard let head = self[direction].longHead(in: packet) else { continue }
            if case .request(let method, _, _) = head.startLine, HandshakeCheck.isAttempt(head), waitingAttempt() == nil
            {
                let attempt = UpgradeAttempt(connection: context.nextConnection(), request: head)
                requests.append(PendingRequest(method: method, client: direction, attempt: attempt))
            } else {
                context.summary.flowsGivenUp += 1
            }
        }
    }

    mutating func reportUnanswered(_ context: inout AnalysisContext) {
        guard let attempt = waitingAttempt(), let client = requests.first(where: { $0.attempt != nil })?.client else {
            return
        }
        requests.removeAll()
        report(attempt, from: client, response: nil, &context)
    }

    func report(
        _ attempt: UpgradeAttempt, from client: Direction, response: HTTPHead?, _ context: inout AnalysisContext
    ) {
        let judge = HandshakeJudge(flow: flow, client: client, connection: attempt.connection, proxy: proxy)
        context.report(judge.judge(attempt.request, failedWith: response), of: flow)
    }
}
