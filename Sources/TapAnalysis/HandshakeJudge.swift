import TapBytes
import TapHTTP
import TapPackets
import TapStreams
import TapWebSocket

/// From a request and its response to a handshake with a verdict.
struct HandshakeJudge {
    let flow: FlowIdentity
    let client: Direction
    let connection: Int
    let proxy: ProxyHeader?

    /// A handshake that led nowhere: it was refused, or not answered.
    func judge(_ request: HTTPHead, failedWith response: HTTPHead?) -> Handshake {
        var violations = HandshakeCheck.violations(inRequest: request)
        violations.append(HandshakeCheck.violation(inRefusal: response))
        let verdict: Verdict = response == nil ? .unanswered : .refused
        return handshake(verdict, violations, request, response, request.packet, request.time)
    }

    /// A connection that is WebSocket now, whatever of its handshake the capture holds; `packet` is where that was certain.
    func judge(_ upgrade: Upgrade, in packet: PacketHeader) -> Handshake {
        let (request, response) = (upgrade.request, upgrade.response)
        var violations = request.map(HandshakeCheck.violations(inRequest:)) ?? []
        if let response { violations += HandshakeCheck.violations(inResponse: response, to: request) }
        let verdict: Verdict
        switch (request, response) {
        case (nil, nil):
            verdict = .midstream
            violations.append(midstream(upgrade.evidence))
        case (nil, _), (_, nil):
            verdict = .unverifiable
            let side = request == nil ? "response" : "request"
            violations.append(Violation(.captureOneSided, "only the \(side) was captured"))
        case (_, _):
            verdict = violations.contains(where: \.id.makesHandshakeInvalid) ? .invalid : .valid
        }
        let start = request ?? response
        return handshake(
            verdict, violations, request, response, start?.packet ?? packet.number, start?.time ?? packet.timestamp,
            confidence: upgrade.evidence?.confidence)
    }

    private func midstream(_ evidence: PickUpEvidence?) -> Violation {
        let sure = evidence.map { ": \($0.frames) of them, \($0.confidence) % sure" } ?? ""
        return Violation(
            .captureMidstream, "the handshake was not captured; recognised by its frames\(sure)",
            evidence.map {
                [
                    Evidence("frames", .number(UInt64($0.frames))),
                    Evidence("confidence_percent", .number(UInt64($0.confidence))),
                ]
            } ?? [])
    }

    private func handshake(
        _ verdict: Verdict, _ violations: [Violation], _ request: HTTPHead?, _ response: HTTPHead?,
        _ packet: PacketNumber, _ time: Timestamp, confidence: Int? = nil
    ) -> Handshake {
        var violations = violations
        if let limit = HandshakeJudge.limit(request, .client) { violations.append(limit) }
        if let limit = HandshakeJudge.limit(response, .server) { violations.append(limit) }
        return Handshake(
            connection: connection,
            network: flow.network,
            client: client == .fromFirst ? flow.key.first : flow.key.second,
            server: client == .fromFirst ? flow.key.second : flow.key.first,
            request: request, response: response, verdict: verdict, violations: violations, packet: packet,
            time: time, confidence: confidence, proxy: proxy)
    }

    /// Says so where a head is longer than the limit.
    private static func limit(_ head: HTTPHead?, _ sender: Sender) -> Violation? {
        guard let head, head.droppedBytes > 0 else { return nil }
        let what = sender == .client ? "request" : "response"
        return Violation(
            .captureLimitReached, by: sender,
            "the \(what)'s head is longer than --max-head allows: \(Decimal.grouped(head.droppedBytes)) bytes of it were left out",
            [Evidence("limit", .text("--max-head")), Evidence("bytes", .number(head.droppedBytes))])
    }
}
