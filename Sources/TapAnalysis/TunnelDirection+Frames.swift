import TapCore
import TapWebSocket

/// From a frame's header, its payload and its end to observations.
extension TunnelDirection {
    mutating func begin(
        _ header: FrameHeader, in packet: PacketHeader, _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        state.noteBeginning(of: header.opcode, from: sender, at: packet.timestamp)
        let limit = context.options.payloadLimit
        let isRest = !marks.contains(.isStartKnown) && header.opcode == .continuation
        var violations = FrameCheck.violations(
            header, from: sender, agreed: state.agreed, isMessageOpen: work[0].messages.message != nil || isRest,
            isAfterClose: marks.contains(.hasSentClose))
        if sender == .client, header.isMasked, header.payloadLength > 0, let violation = keyViolation(header) {
            violations.append(violation)
        }
        let isData = !header.opcode.isControl && !header.opcode.isReserved
        if isData {
            marks.insert(.isStartKnown)
            if header.opcode != .continuation, work[0].messages.message != nil {
                state.loseMessages(of: sender, &context)
                work[0].messages.close(isFinished: false, in: packet, state, &context)
            }
            work[0].messages.begin(header, in: packet, &state)
        }
        work[0].current = FrameInProgress(
            header: header, firstPacket: packet.number, arrival: state.arrival,
            message: isData ? work[0].messages.message?.number : nil,
            violations: violations,
            // Control frames say why the connection ends and how long an answer takes: they are read in any case.
            payloadLimit: header.opcode.isControl ? max(125, limit) : limit)
    }

    /// What is suspicious about the masking key of a frame that holds payload; each suspicion is told once.
    mutating func keyViolation(_ header: FrameHeader) -> Violation? {
        guard let suspicion = keys.check(header.maskingKey) else { return nil }
        let mark: TunnelMarks = suspicion == .isZero ? .isZeroKeyTold : .isRepeatedKeyTold
        return marks.insert(mark).inserted ? suspicion.violation : nil
    }

    /// The frame's last byte was seen.
    mutating func finishFrame(
        in packet: PacketHeader, _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        guard work[0].current?.isLastOfMessage ?? false else { return emit(in: packet, &state, &context) }
        context.summary.messages += 1
        work[0].finishMessage(state.agreed, &context)
        var notes: ApplicationNotes?
        if context.options.decodesMessages {
            let read = read(work[0].messages.message, in: packet, &state, &context)
            notes = read.notes
            for violation in read.violations { work[0].current?.violations.append((violation, nil)) }
        }
        emit(in: packet, endsMessage: true, saying: notes, &state, &context)
        work[0].messages.close(isFinished: true, saying: notes, in: packet, state, &context)
    }

    /// The rest of the frame will not be seen.
    mutating func abandonFrame(_ state: inout TunnelState, _ context: inout AnalysisContext) {
        emit(in: state.lastPacket, &state, &context)
    }

    mutating func emit(
        in packet: PacketHeader, endsMessage: Bool = false, saying notes: ApplicationNotes? = nil,
        _ state: inout TunnelState,
        _ context: inout AnalysisContext
    ) {
        guard var frame = work[0].current.take() else { return }
        count(frame, endsMessage: endsMessage, &state, &context)
        context.pendingPayload -= frame.payload.count
        let inflated = work[0].messages.takeInflated(&context)
        context.summary.frames += 1
        state.frames += 1
        if frame.message != nil { work[0].messages.note(frame: state.frames) }
        var body: CloseBody?
        if frame.header.opcode == .close {
            body = noteClose(&frame, in: packet, &state)
        } else {
            if frame.isWhole {
                state.note(frame.header.opcode, frame.payload, from: sender, at: packet.timestamp)
            } else if frame.header.opcode.isControl {
                state.noteMissingControl(from: sender, in: .max)
            }
            state.noteActivity(at: packet.timestamp)
        }
        if context.options.observesFrames {
            let room = context.payloadRoom
            let told = Frame(
                connection: state.name.number, connectionID: state.name.id, number: state.frames,
                message: frame.message, sender: sender,
                header: frame.header, time: packet.timestamp, packet: packet.number,
                firstPacket: frame.firstPacket, capturedLength: frame.position - frame.missing,
                isWhole: frame.isWhole, payload: context.observations.store(frame.payload, room: room),
                inflated: context.observations.store(inflated.bytes, room: room),
                inflatedLength: inflated.length,
                isInflatedToNothing: inflated.length == 0 && frame.header.payloadLength > 0
                    && frame.message != nil && frame.isWhole
                    && work[0].messages.isInflating,
                close: body, findings: frame.violations.map(\.violation.id), application: notes)
            context.tell(.frame(told), of: state.name, from: sender, in: packet)
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
            let isServersOwn = sender == .server && !state.isAnswer(of: sender)
            for violation in FrameCheck.violations(
                inClose: body, length: frame.header.payloadLength, isServersOwn: isServersOwn)
            { frame.violations.append((violation, nil)) }
        }
        marks.insert(.hasSentClose)
        state.noteClose(body, from: sender, in: packet, arrival: frame.arrival)
        return body
    }

    /// Tells of a message that its sender left unfinished. Who answers a close frame may leave one. RFC 6455 §5.5.1.
    mutating func noteUnfinished(
        in packet: PacketHeader, _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        guard let message = work[0].messages.message, !state.isAnswer(of: sender), !work[0].isUnfinishedTold, isComplete
        else { return }
        work[0].noteUnfinishedTold()
        let detail = "the message that frame \(message.firstFrame) began was not finished"
        state.report(
            Violation(.messageUnfinished, detail, [Evidence("first_frame", .number(UInt64(message.firstFrame)))]),
            sender, in: packet, &context)
    }
}
