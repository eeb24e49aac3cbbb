import TapBytes
import TapHTTP
import TapPackets
import TapStreams
import TapWebSocket

/// From a request and its response to a handshake with a verdict.
struct HandshakeJudge {
    let flow: FlowKey
    let client: Direction
    let connection: Int

    /// A handshake that led nowhere: it was refused, or not answered.
    func judge(_ request: HTTPHead, failedWith response: HTTPHead?) -> Handshake {
        var violations = HandshakeCheck.violations(inRequest: request)
        guard let response, case .response(_, let status, let reason) = response.startLine else {
            violations.append(Violation(.handshakeUnanswered, "no response to the request was captured"))
            return handshake(.unanswered, violations, request, nil, request.packet, request.time)
        }
        violations.append(
            Violation(
                .handshakeRefused, "the server answered \(status) \(reason)",
                [Evidence("status", .number(UInt64(status)))]))
        return handshake(.refused, violations, request, response, request.packet, request.time)
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
            violations.append(
                Violation(.captureMidstream, "recognised by its frames: the handshake was not captured"))
        case (nil, _), (_, nil):
            verdict = .unverifiable
        case (_, _):
            verdict = violations.contains { $0.id.severity == .error } ? .invalid : .valid
        }
        let start = request ?? response
        return handshake(
            verdict, violations, request, response, start?.packet ?? packet.number, start?.time ?? packet.timestamp)
    }

    /// Who is to blame, by the finding's name.
    static func culprit(of id: FindingID) -> Sender? {
        if id.rawValue.hasPrefix("request-") { return .client }
        return id.rawValue.hasPrefix("response-") || id == .handshakeRefused ? .server : nil
    }

    private func handshake(
        _ verdict: Verdict, _ violations: [Violation], _ request: HTTPHead?, _ response: HTTPHead?,
        _ packet: PacketNumber, _ time: Timestamp
    ) -> Handshake {
        Handshake(
            connection: connection,
            client: client == .fromFirst ? flow.first : flow.second,
            server: client == .fromFirst ? flow.second : flow.first,
            request: request, response: response, verdict: verdict, violations: violations, packet: packet,
            time: time)
    }
}
