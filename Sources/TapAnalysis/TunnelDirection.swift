import TapBytes
import TapStreams
import TapWebSocket

/// One peer's frames: from its ordered bytes to observations.
struct TunnelDirection {
    let sender: Sender
    private var decoder = FrameDecoder()
    private var current: FrameInProgress?
    private var messages: MessageAssembly
    var keys = MaskingKeys()
    /// Whether the first data frame is the start of a message; in the middle of a connection it may be the rest of one.
    private var isStartKnown: Bool
    /// Where frame boundaries were lost and not found again.
    var loss: Loss?
    /// There while they are looked for.
    var search: FrameSearch?
    private var isCutTold = false
    private var isUnfinishedTold = false
    private var hasEnded = false
    private(set) var hasSentClose = false
    private(set) var statistics = DirectionStatistics()

    init(_ sender: Sender, isStartKnown: Bool) {
        self.sender = sender
        self.isStartKnown = isStartKnown
        messages = MessageAssembly(sender, isStartKnown: isStartKnown)
    }

    /// Whether every byte that was sent was captured and understood.
    var isComplete: Bool { !decoder.isLost && statistics.missingBytes == 0 && statistics.undecodedBytes == 0 }

    mutating func receive(
        _ bytes: RawSpan, in packet: PacketHeader, _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        guard !decoder.isLost else { return receiveLost(bytes, in: packet, &state, &context) }
        var offset = 0
        while true {
            if decoder.isAtBoundary, canTakeShortWay, let frame = WholeFrame(bytes, at: offset, from: sender) {
                offset = frame.payload.upperBound
                receive(frame, bytes.extracting(frame.payload), in: packet, &state, &context)
                continue
            }
            guard let event = decoder.read(bytes, from: &offset) else { return }
            switch event {
            case .began(let header):
                if hasSentClose, !isPlausibleAfterClose(header) {
                    noteUndecoded(bytes.byteCount - offset + header.length)
                    return stopAfterClose(in: packet, &state, &context)
                }
                begin(header, in: packet, &state, &context)
            case .payload(let range):
                receivePayload(bytes.extracting(range), in: packet, &state, &context)
            case .finished:
                finishFrame(in: packet, &state, &context)
            case .lost(let header):
                state.report(FrameCheck.impossibleLength(header), sender, in: packet, &context)
                noteUndecoded(header.length)
                loseSync(because: "a frame's length is impossible", in: packet, state, &context)
                return receiveLost(bytes.from(offset), in: packet, &state, &context)
            }
        }
    }

    /// Steps over bytes that are missing from the capture.
    mutating func miss(
        _ count: Int, because reason: GapReason, before packet: PacketHeader, _ state: inout TunnelState,
        _ context: inout AnalysisContext
    ) {
        statistics.missingBytes += UInt64(count)
        reportGap(count, because: reason, before: packet, &state, &context)
        guard !decoder.isLost else {
            if let loss { loseSync(because: loss.reason, in: loss.packet, state, &context) }
            return
        }
        switch decoder.skip(count) {
        case .inPayload:
            current?.skip(count)
            if current?.message != nil, let violation = messages.skip(count) {
                current?.violations.append((violation, nil))
            }
            // The hole may end where the frame does.
            var offset = 0
            if decoder.read(RawSpan(), from: &offset) == .finished { finishFrame(in: packet, &state, &context) }
        case .lost:
            abandonFrame(&state, &context)
            messages.close(isFinished: false, in: state.lastPacket, state, &context)
            messages.loseFrames()
            loseSync(because: "bytes are missing between frames", in: packet, state, &context)
        }
    }

    /// The peer's bytes end here, or the other peer's reset ends them.
    mutating func end(
        _ reason: StreamEnd, in packet: PacketHeader, _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        guard !hasEnded else { return }
        hasEnded = true
        finishSearch(&state, &context)
        let isInFrame = current.map { $0.missing == 0 } ?? !decoder.isAtBoundary
        let hasFrame = current != nil
        abandonFrame(&state, &context)
        if reason == .finished || reason == .reset, !decoder.isLost, let ender = state.closing.verdict.endedBySender {
            if isInFrame {
                let sign = reason == .reset ? "RST" : "FIN"
                let detail = "the \(ender.rawValue)'s \(sign) came in the middle of the \(sender.rawValue)'s frame"
                state.report(
                    Violation(.closeInFrame, by: ender, detail), sender, in: packet,
                    frame: hasFrame ? state.frames : nil, &context)
            } else if ender == sender {
                noteUnfinished(in: packet, &state, &context)
            }
        }
        messages.close(isFinished: false, in: state.lastPacket, state, &context)
    }

    private mutating func reportGap(
        _ count: Int, because reason: GapReason, before packet: PacketHeader, _ state: inout TunnelState,
        _ context: inout AnalysisContext
    ) {
        let evidence = [Evidence("bytes", .number(UInt64(count))), Evidence("reason", .text(reason.rawValue))]
        if reason == .cutShort {
            guard !isCutTold else { return }
            isCutTold = true
            let detail = "\(count) bytes of this packet were not captured; more may follow"
            return state.report(Violation(.captureSnaplen, detail, evidence), sender, in: packet, &context)
        }
        state.report(
            Violation(.captureBytesMissing, "\(count) bytes are missing", evidence), sender, in: packet, &context)
        if reason == .limit {
            let detail = "more bytes wait behind a hole than may be held (--max-held, --max-held-total)"
            state.report(Violation(.captureLimitReached, detail), sender, in: packet, &context)
        }
    }

    /// Begins anew, in the middle of the stream.
    mutating func restart() {
        decoder = FrameDecoder()
        loss = nil
        isStartKnown = false
    }

    mutating func noteUndecoded(_ count: Int) { statistics.undecodedBytes += UInt64(count) }

    /// What follows a close frame may be anything, as when a server writes an HTTP response once its handler returns.
    private func isPlausibleAfterClose(_ header: FrameHeader) -> Bool {
        header.isMasked == (sender == .client) && header.reservedBits == 0 && !header.opcode.isReserved
            && header.isFinal && header.isLengthMinimal
    }

    private mutating func stopAfterClose(
        in packet: PacketHeader, _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        decoder.lose()
        let detail = "what the \(sender.rawValue) sent after its close frame is no frame"
        state.report(Violation(.frameAfterClose, detail), sender, in: packet, &context)
    }

    private mutating func begin(
        _ header: FrameHeader, in packet: PacketHeader, _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        let limit = context.options.payloadLimit
        let isRest = !isStartKnown && header.opcode == .continuation
        var violations = FrameCheck.violations(
            header, from: sender, agreed: state.agreed, isMessageOpen: messages.message != nil || isRest,
            isAfterClose: hasSentClose)
        if sender == .client, header.isMasked, header.payloadLength > 0, let violation = keys.check(header) {
            violations.append(violation)
        }
        let isData = !header.opcode.isControl && !header.opcode.isReserved
        if isData {
            isStartKnown = true
            if header.opcode != .continuation, messages.message != nil {
                messages.close(isFinished: false, in: packet, state, &context)
            }
            messages.begin(header, in: packet, &state)
        }
        current = FrameInProgress(
            header: header, firstPacket: packet.number, message: isData ? messages.message?.number : nil,
            violations: violations,
            // Control frames say why the connection ends and how long an answer takes: they are read in any case.
            payloadLimit: header.opcode.isControl ? max(125, limit) : limit)
    }

    /// Counts a message in a single frame.
    mutating func noteWhole(_ header: FrameHeader) {
        isStartKnown = true
        statistics.count(header, payloadBytes: header.payloadLength)
        statistics.messages += 1
    }

    /// Whether nothing is open that a message in a single frame would have to do with.
    private var canTakeShortWay: Bool { messages.message == nil && !hasSentClose }

    private mutating func receivePayload(
        _ bytes: RawSpan, in packet: PacketHeader, _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        if current?.message != nil, let key = current?.header.maskingKey, let phase = current?.position {
            for violation in messages.receive(bytes, key: key, phase: phase, state.agreed, &context) {
                current?.violations.append((violation, packet))
            }
        }
        let budget = context.options.pendingPayloadLimit - context.pendingPayload
        context.pendingPayload += current?.receive(bytes, budget: budget) ?? 0
    }

    /// The frame's last byte was seen.
    private mutating func finishFrame(
        in packet: PacketHeader, _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        guard let header = current?.header, header.isFinal, current?.message != nil else {
            return emit(in: packet, &state, &context)
        }
        statistics.messages += 1
        context.summary.messages += 1
        for violation in messages.finish(state.agreed, &context) { current?.violations.append((violation, nil)) }
        emit(in: packet, &state, &context)
        messages.close(isFinished: true, in: packet, state, &context)
    }

    /// The rest of the frame will not be seen.
    private mutating func abandonFrame(_ state: inout TunnelState, _ context: inout AnalysisContext) {
        emit(in: state.lastPacket, &state, &context)
    }

    private mutating func emit(
        in packet: PacketHeader, _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        guard var frame = current.take() else { return }
        statistics.count(frame.header, payloadBytes: frame.position)
        context.pendingPayload -= frame.payload.count
        let inflated = messages.takeInflated(&context)
        context.summary.frames += 1
        state.frames += 1
        if frame.message != nil { messages.note(frame: state.frames) }
        var body: CloseBody?
        if frame.header.opcode == .close {
            body = noteClose(&frame, in: packet, &state)
        } else {
            if frame.isWhole { state.note(frame.header.opcode, frame.payload, from: sender, at: packet.timestamp) }
            state.closing.noteActivity(at: packet.timestamp)
        }
        if context.options.observesFrames {
            context.observations.append(
                .frame(
                    Frame(
                        connection: state.number, number: state.frames, message: frame.message, sender: sender,
                        header: frame.header, time: packet.timestamp, packet: packet.number,
                        firstPacket: frame.firstPacket, capturedLength: frame.position - frame.missing,
                        isWhole: frame.isWhole, payload: context.observations.store(frame.payload),
                        inflated: context.observations.store(inflated.bytes), inflatedLength: inflated.length,
                        close: body, findings: frame.violations.map(\.violation.id))))
        }
        for (violation, certainIn) in frame.violations {
            state.report(violation, sender, in: certainIn ?? packet, frame: state.frames, &context)
        }
        if body != nil { noteUnfinished(in: packet, &state, &context) }
    }

    /// Reads a close frame and says what is wrong with it.
    private mutating func noteClose(
        _ frame: inout FrameInProgress, in packet: PacketHeader, _ state: inout TunnelState
    ) -> CloseBody {
        let body = CloseBody(frame.payload.prefix(125))
        if frame.isWhole, frame.header.payloadLength <= 125 {
            let isServersOwn = sender == .server && !state.closing.isAnswer(of: sender)
            frame.violations += FrameCheck.violations(
                inClose: body, length: frame.header.payloadLength, isServersOwn: isServersOwn
            ).map { ($0, nil) }
        }
        hasSentClose = true
        state.closing.noteClose(body, from: sender, at: packet.timestamp)
        return body
    }

    /// Tells of a message that its sender left unfinished. Who answers a close frame may leave one. RFC 6455 §5.5.1.
    private mutating func noteUnfinished(
        in packet: PacketHeader, _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        guard let message = messages.message, !state.closing.isAnswer(of: sender), !isUnfinishedTold, isComplete
        else { return }
        isUnfinishedTold = true
        let detail = "the message that frame \(message.firstFrame) began was not finished"
        state.report(
            Violation(.messageUnfinished, detail, [Evidence("first_frame", .number(UInt64(message.firstFrame)))]),
            sender, in: packet, &context)
    }
}
