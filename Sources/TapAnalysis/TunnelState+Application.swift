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
        // Where a head is missing, what its sender said after it may be, too.
        var unknown: Sides = []
        if handshake.request == nil { unknown.insert(.client) }
        if handshake.response == nil { unknown.insert(.server) }
        application = [
            TunnelApplication(
                context.applicationStart(subprotocol: subprotocol, target: target), unknownStart: unknown)
        ]
    }

    /// Reads a whole message.
    mutating func read(
        _ payload: [UInt8], _ message: ApplicationMessage, _ context: inout AnalysisContext
    ) -> ReadMessage {
        var read = ReadMessage()
        guard !application.isEmpty else { return read }
        let (itemsLeftOut, forgottenRequests) = context.applicationRoom.leftOut
        var output = context.takeApplicationOutput()
        defer { context.applicationOutput = output }
        let recognition = application[0].receive(payload, message, into: &output, &context)
        if !output.findings.isEmpty { read.violations = output.findings.map { Violation($0) } }
        read.notes = ApplicationNotes(taking: &output.items, recognition: recognition)
        let leftOut = context.applicationRoom.leftOut
        if leftOut != (itemsLeftOut, forgottenRequests), !application[0].isLimitTold {
            application[0].isLimitTold = true
            read.violations.append(Violation(areItemsLeftOut: leftOut.items > itemsLeftOut))
        }
        return read
    }

    /// Something that a peer sent is not in the capture, or cannot be read.
    mutating func loseMessages(of sender: Sender, _ context: inout AnalysisContext) {
        guard !application.isEmpty else { return }
        application[0].lose(sender, &context)
    }

    /// From now on nobody owes an answer.
    mutating func closeApplication(at time: Timestamp) {
        guard !application.isEmpty else { return }
        application[0].beginClosing(at: time)
    }

    /// The connection is over: reports what was never answered, where the capture shows that.
    /// - Parameter unknown: of whom not all that was sent is known.
    mutating func finishApplication(
        isClosed: Bool, unknown: Sides, _ context: inout AnalysisContext
    ) -> ConnectionApplication? {
        guard !application.isEmpty, application[0].isBegun else { return nil }
        for sender in Sender.allCases where unknown.contains(sender) { loseMessages(of: sender, &context) }
        var output = ApplicationOutput()
        let pending = application[0].finish(at: closed, isClosed: isClosed, into: &output, &context)
        for finding in output.findings { report(Violation(finding), nil, in: lastPacket, &context) }
        let recognition = application[0].recognition
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

    /// More was said than is kept.
    fileprivate init(areItemsLeftOut: Bool) {
        let detail =
            areItemsLeftOut
            ? "units of messages are left out: more than are reported one by one, or too long to be read"
            : "more requests are open than are remembered: answers to the oldest are not recognised"
        self.init(.captureLimitReached, detail)
    }
}
