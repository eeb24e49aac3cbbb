import TapBytes
import TapWebSocket

/// From a frame's header, its payload and its end to observations.
extension TunnelDirection {
    mutating func begin(
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

    /// Whether the next byte begins a frame, and nothing is open that a message in a single one would have to do with.
    var canTakeShortWay: Bool { decoder.isAtBoundary && !messages.isOpen && !hasSentClose }

    mutating func receivePayload(
        _ bytes: RawSpan, in packet: PacketHeader, _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        if current?.message != nil, let key = current?.header.maskingKey, let phase = current?.position {
            for violation in messages.receive(bytes, key: key, phase: phase, state.agreed, &context) {
                current?.violations.append((violation, packet))
            }
        }
        let budget = context.pendingPayloadLimit - context.pendingPayload
        context.pendingPayload += current?.receive(bytes, budget: budget) ?? 0
    }

    /// The frame's last byte was seen.
    mutating func finishFrame(
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
    mutating func abandonFrame(_ state: inout TunnelState, _ context: inout AnalysisContext) {
        emit(in: state.lastPacket, &state, &context)
    }

    mutating func emit(
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
            let room = context.payloadRoom
            context.tell(
                .frame(
                    Frame(
                        connection: state.number, number: state.frames, message: frame.message, sender: sender,
                        header: frame.header, time: packet.timestamp, packet: packet.number,
                        firstPacket: frame.firstPacket, capturedLength: frame.position - frame.missing,
                        isWhole: frame.isWhole, payload: context.observations.store(frame.payload, room: room),
                        inflated: context.observations.store(inflated.bytes, room: room),
                        inflatedLength: inflated.length,
                        close: body, findings: frame.violations.map(\.violation.id))), of: state.number,
                from: sender, in: packet)
        }
        for (violation, certainIn) in frame.violations {
            state.report(violation, sender, in: certainIn ?? packet, frame: state.frames, &context)
        }
        if body != nil { noteUnfinished(in: packet, &state, &context) }
    }

    /// Reads a close frame and says what is wrong with it.
    mutating func noteClose(
        _ frame: inout FrameInProgress, in packet: PacketHeader, _ state: inout TunnelState
    ) -> CloseBody {
        let body = CloseBody(frame.payload.prefix(125))
        if frame.isWhole, frame.header.payloadLength <= 125 {
            let isServersOwn = sender == .server && !state.closing.isAnswer(of: sender)
            for violation in FrameCheck.violations(
                inClose: body, length: frame.header.payloadLength, isServersOwn: isServersOwn)
            { frame.violations.append((violation, nil)) }
        }
        hasSentClose = true
        state.closing.noteClose(body, from: sender, at: packet.timestamp)
        return body
    }

    /// Tells of a message that its sender left unfinished. Who answers a close frame may leave one. RFC 6455 §5.5.1.
    mutating func noteUnfinished(
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
