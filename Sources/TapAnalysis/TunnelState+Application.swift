import TapCore
import TapSubprotocols
import TapWebSocket

/// Messages in the protocol that they belong to.
extension TunnelState {
    /// What a message says, and what is worth a finding about it.
    struct ReadMessage {
        var notes: ApplicationNotes?
        var violations: [Violation] = []
    }

    /// Prepares for reading messages, where somebody wants to know what they say.
    mutating func openApplication(_ handshake: Handshake, _ context: inout AnalysisContext) {
        guard context.options.decodesMessages else { return }
        var target = ""
        if case .request(_, let named, _) = handshake.request?.startLine { target = named }
        let subprotocol = handshake.response?.fields.list("Sec-WebSocket-Protocol").first
        application = TunnelApplication(context.applicationStart(subprotocol: subprotocol, target: target))
    }

    private var hasConversation: Bool { application?.$conversation ?? false }

    /// Reads a whole message.
    mutating func read(
        _ payload: [UInt8], _ message: ApplicationMessage, _ context: inout AnalysisContext
    ) -> ReadMessage {
        if !hasConversation { application?.open(context.options) }
        var read = ReadMessage()
        let before = context.applicationRoom
        guard let (output, recognition) = application?.receive(payload, message, &context.applicationRoom) else {
            return read
        }
        if !output.findings.isEmpty { read.violations = output.findings.map { Violation($0) } }
        if !output.items.isEmpty { read.notes = ApplicationNotes(items: output.items, recognition: recognition) }
        if let violation = Violation(reached: context.applicationRoom, after: before), application?.isLimitTold == false
        {
            application?.isLimitTold = true
            read.violations.append(violation)
        }
        return read
    }

    /// Something that a peer sent is not in the capture, or cannot be read.
    mutating func loseMessages(of sender: Sender, _ context: inout AnalysisContext) {
        guard hasConversation else { return }
        application?.conversation?.lose(sender, room: &context.applicationRoom)
    }

    /// From now on nobody owes an answer.
    mutating func closeApplication(at time: Timestamp) {
        guard hasConversation else { return }
        application?.conversation?.beginClosing(at: time)
    }

    /// The connection is over: reports what was never answered, where the capture shows that.
    /// - Parameter unknown: of whom not all that was sent is known.
    mutating func finishApplication(
        isClosed: Bool, unknown: Sides, _ context: inout AnalysisContext
    ) -> ConnectionApplication? {
        guard hasConversation else { return nil }
        for sender in Sender.allCases where unknown.contains(sender) { loseMessages(of: sender, &context) }
        var output = ApplicationOutput()
        let end = closed
        let pending =
            application?.conversation?.finish(
                at: end, isClosed: isClosed, room: &context.applicationRoom, into: &output) ?? []
        for finding in output.findings { report(Violation(finding), nil, in: lastPacket, &context) }
        let recognition = application?.conversation?.recognition
        guard recognition != nil || !pending.isEmpty else { return nil }
        return ConnectionApplication(recognition: recognition, openRequests: pending)
    }
}

extension Violation {
    fileprivate init(_ finding: ApplicationFinding) {
        let id: FindingID =
            switch finding.id {
            case .error: .applicationError
            case .unanswered: .applicationUnanswered
            case .slow: .applicationSlow
            case .duplicateID: .applicationDuplicateID
            case .heartbeatMissed: .applicationHeartbeatMissed
            case .malformed: .applicationMalformed
            }
        var evidence = [Evidence("protocol", .text(finding.protocol.rawValue))]
        if let message = finding.message { evidence.append(Evidence("message", .number(UInt64(clamping: message)))) }
        self.init(id, by: finding.sender, finding.detail, evidence)
    }

    /// Where more was said than is kept.
    fileprivate init?(reached room: ApplicationRoom, after before: ApplicationRoom) {
        if room.itemsLeftOut > before.itemsLeftOut {
            self.init(.captureLimitReached, "a message has more units than are reported one by one")
        } else if room.forgottenRequests > before.forgottenRequests {
            let detail = "more requests are open than are remembered: answers to the oldest are not recognised"
            self.init(.captureLimitReached, detail)
        } else {
            return nil
        }
    }
}
