import TapCore
import TapHTTP
import TapWebSocket

/// From a request and its response to a handshake with a verdict.
struct HandshakeJudge {
    let flow: FlowIdentity
    /// See ``Handshake/roundTrip``; zero where nobody knows.
    let roundTrip: UInt32
    let client: Direction
    let connection: ConnectionName
    let proxy: ProxyHeader?
    /// The stream of HTTP/2, where it is one, and what its heads break of the rules of streams.
    var stream: TunnelStream?
    var streamViolations: [Violation] = []

    /// A handshake that led nowhere: it was refused, not answered, or its answer was not captured.
    func judge(_ request: HTTPHead, failedWith answer: FailedAnswer) -> Handshake {
        var violations = self.violations(inRequest: request)
        let verdict: Verdict
        var response: HTTPHead?
        violations += cut(request, .client)
        switch answer {
        case .refused(let head):
            verdict = .refused
            response = head
            violations.append(HandshakeCheck.violation(inRefusal: head))
            violations += cut(head, .server)
        case .cut(let part, let isEnded):
            verdict = .unverifiable
            response = part.head
            if isEnded, let gap = part.gap {
                violations.append(HandshakeCheck.unfinished(gap, part.head))
            } else {
                violations += cut(part, .server)
            }
        case .noHTTP:
            verdict = .unanswered
            violations.append(HandshakeCheck.noHTTP)
        case .reset(let sender, let code):
            verdict = .unanswered
            violations.append(HandshakeCheck.reset(by: sender, "\(code)"))
        case .none(let isCertain, let missing):
            verdict = .unanswered
            if missing > 0 {
                violations.append(HandshakeJudge.cut(HTTPHeadGap(captured: 0, missing: missing), nil, .server))
            } else if isCertain {
                violations.append(HandshakeCheck.violation(inRefusal: nil))
            }
        case .unknown:
            verdict = .unverifiable
            violations.append(HandshakeJudge.oneSided(.client))
        }
        var handshake = handshake(verdict, violations, request, response, request.packet, request.time)
        handshake.leadsNowhere = true
        return handshake
    }

    /// A connection that is WebSocket now, whatever of its handshake the capture holds; `packet` is where that was certain.
    func judge(_ upgrade: Upgrade, in packet: PacketHeader) -> Handshake {
        let (request, response) = (upgrade.request.head, upgrade.response.head)
        var violations = request.map { self.violations(inRequest: $0) } ?? streamViolations
        if upgrade.strayBytes > 0 { violations.append(HandshakeCheck.early(upgrade.strayBytes)) }
        if let response, response.isWhole {
            let request = request.flatMap { $0.isWhole ? $0 : nil }
            violations += HandshakeCheck.violations(inResponse: response, to: request, inStream: stream != nil)
        }
        if let request, violations.contains(where: { $0.id == .requestVersionDraft }),
            HandshakeCheck.hasOlderFrames(request)
        {
            // All else follows from that: the draft knows no accept value, and its client sends a part of its key behind its head.
            violations.removeAll { $0.id != .requestVersionDraft }
        }
        let verdict: Verdict
        if upgrade.isMidstream {
            verdict = .midstream
            violations.append(midstream(upgrade.evidence))
        } else if upgrade.request.isWhole, upgrade.response.isWhole {
            verdict = violations.contains(where: \.id.makesHandshakeInvalid) ? .invalid : .valid
        } else {
            verdict = .unverifiable
            if !upgrade.request.isWhole { violations += cut(upgrade.request, .client) }
            if !upgrade.response.isWhole { violations += cut(upgrade.response, .server) }
        }
        let start = request ?? response
        return handshake(
            verdict, violations, request, response, start?.packet ?? packet.number, start?.time ?? packet.timestamp,
            confidence: upgrade.evidence?.confidence)
    }

    /// What a client does wrong; of a head that is not whole nothing is demanded.
    private func violations(inRequest request: HTTPHead) -> [Violation] {
        guard request.isWhole else { return streamViolations }
        return HandshakeCheck.violations(inRequest: request, inStream: stream != nil) + streamViolations
    }

    /// What the capture does not hold of a head.
    private func cut(_ part: SwitchHead, _ sender: Sender) -> [Violation] {
        if stream != nil, let head = part.head { return HandshakeJudge.unknown(in: head, sender) }
        return HandshakeJudge.cut(part, sender)
    }

    private func cut(_ head: HTTPHead, _ sender: Sender) -> [Violation] {
        guard stream == nil else { return HandshakeJudge.unknown(in: head, sender) }
        return head.gap.map { [HandshakeJudge.cut($0, head, sender)] } ?? []
    }

    /// Fields of a stream's head are not known, though the head was captured.
    private static func unknown(in head: HTTPHead, _ sender: Sender) -> [Violation] {
        guard !head.isWhole else { return [] }
        let name = sender == .client ? "request" : "response"
        return [
            Violation(
                .captureHeadCut, by: sender,
                "fields of the \(name) are not known: they refer to others that the capture does not hold")
        ]
    }

    private static func cut(_ part: SwitchHead, _ sender: Sender) -> [Violation] {
        guard !part.isAbsent, let gap = part.gap else { return [oneSided(sender.peer)] }
        return [cut(gap, part.head, sender)]
    }

    private static func oneSided(_ sender: Sender) -> Violation {
        Violation(.captureOneSided, "only the \(sender == .client ? "request" : "response") was captured")
    }

    private static func cut(_ gap: HTTPHeadGap, _ head: HTTPHead?, _ sender: Sender) -> Violation {
        let name = sender == .client ? "request" : "response"
        let (captured, missing) = (Decimal.counted(gap.captured, "byte"), Decimal.counted(gap.missing, "byte"))
        let detail =
            if gap.captured == 0 {
                "\(missing) \(gap.missing == 1 ? "is" : "are") missing where the \(name) should be"
            } else if gap.missing == 0 {
                "the \(name) ends after \(captured)\(HandshakeCheck.status(of: head))"
            } else {
                "\(captured) of the \(name)\(HandshakeCheck.status(of: head)) \(gap.captured == 1 ? "was" : "were") captured, "
                    + "and \(missing) in it or behind it \(gap.missing == 1 ? "is" : "are") missing"
            }
        return Violation(
            .captureHeadCut, by: sender, detail,
            [Evidence("captured", .number(gap.captured)), Evidence("missing", .number(gap.missing))])
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
        let (client, server) = flow.key.peers(client)
        var handshake = Handshake(
            connection: connection.number, connectionID: connection.id, network: flow.network, client: client,
            server: server, request: request, response: response, verdict: verdict, violations: violations,
            packet: packet,
            time: time, confidence: confidence, proxy: proxy)
        handshake.stream = stream
        if roundTrip > 0 { handshake.roundTrip = Int64(roundTrip) }
        return handshake
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
