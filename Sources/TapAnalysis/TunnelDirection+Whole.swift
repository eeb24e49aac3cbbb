import TapCore
import TapWebSocket

/// The fast path of a message in a single frame that lies whole in one piece of the stream.
extension TunnelDirection {
    mutating func receive(
        _ frame: WholeFrame, _ payload: RawSpan, in packet: PacketHeader, _ state: inout TunnelState,
        _ context: inout AnalysisContext
    ) {
        let header = frame.header
        let isKeyOrdinary = !header.isMasked || payload.byteCount == 0 || keys.accept(header.maskingKey)
        let isText = header.opcode == .text && !state.agreed.hasUnknown
        let fault = isText ? UTF8Check.fault(in: payload, key: header.maskingKey) : nil
        count(header, in: packet, &state, &context)
        guard !isKeyOrdinary || fault != nil || context.options.wantsEachFrame else { return }
        tell(header, payload, isKeyOrdinary, isText: isText, fault, in: packet, &state, &context)
    }

    /// Says what there is to say of a frame that was counted.
    @inline(never)
    private mutating func tell(
        _ header: FrameHeader, _ payload: RawSpan, _ isKeyOrdinary: Bool, isText: Bool, _ fault: UInt64?,
        in packet: PacketHeader, _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        var violations = isKeyOrdinary && fault == nil ? [] : violations(header, isKeyOrdinary, textFault: fault)
        var notes: ApplicationNotes?
        if context.options.decodesMessages {
            let read = read(header, payload, in: packet, &state, &context)
            notes = read.notes
            violations += read.violations
        }
        if context.options.observesFrames {
            observe(
                header, payload, isKnownText: isText && fault == nil, violations, notes, in: packet, state, &context)
        }
        if !violations.isEmpty {
            for violation in violations {
                state.report(violation, sender, in: packet, frame: state.frames, &context)
            }
        }
        if context.options.observesMessages { observeMessage(header, payload, notes, in: packet, state, &context) }
    }

    /// The same for one that permessage-deflate has compressed. RFC 7692 §6.2.
    mutating func receive(
        compressed frame: WholeFrame, _ payload: RawSpan, in packet: PacketHeader, _ state: inout TunnelState,
        _ context: inout AnalysisContext
    ) {
        let header = frame.header
        let isKeyOrdinary = !header.isMasked || payload.byteCount == 0 || keys.accept(header.maskingKey)
        var violations = isKeyOrdinary ? [] : violations(header, isKeyOrdinary, textFault: nil)
        count(header, in: packet, &state, &context)
        var message = MessageInProgress(
            number: state.messages, kind: header.opcode, content: .compressed, firstPacket: packet)
        message.note(header)
        message.note(frame: state.frames, length: header.payloadLength)
        openWork(&state, &context)
        let found = work[0].messages.inflateWhole(payload, key: header.maskingKey, &message, state.agreed, &context)
        if !found.isEmpty { violations += found }
        let read = read(message, in: packet, &state, &context)
        violations += read.violations
        if context.options.observesFrames {
            observe(
                header, payload, isKnownText: false, inflated: work[0].messages.takeInflated(&context),
                isInflated: message.content == .compressed, violations, read.notes, in: packet, state, &context)
        }
        for violation in violations { state.report(violation, sender, in: packet, frame: state.frames, &context) }
        work[0].messages.tell(message, isFinished: true, read.notes, in: packet, state, &context)
    }

    @inline(__always)
    private mutating func count(
        _ header: FrameHeader, in packet: PacketHeader, _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        marks.insert(.isStartKnown)
        count(header.opcode, payloadBytes: header.payloadLength, &state, &context)
        context.summary.frames += 1
        context.summary.messages += 1
        state.frames += 1
        state.messages += 1
        state.noteBeginning(of: header.opcode, from: sender, at: packet.timestamp)
        state.noteActivity(at: packet.timestamp)
    }

    /// What is wrong with a frame whose masking key is not ordinary, or whose text is not UTF-8.
    @inline(never)
    private mutating func violations(
        _ header: FrameHeader, _ isKeyOrdinary: Bool, textFault: UInt64?
    ) -> [Violation] {
        var violations: [Violation] = []
        if !isKeyOrdinary, let violation = keyViolation(header) { violations.append(violation) }
        if let textFault { violations.append(MessageInProgress.textFault(at: textFault)) }
        return violations
    }

    /// - Parameter isKnownText: whether the payload was found to be UTF-8.
    private func observe(
        _ header: FrameHeader, _ payload: RawSpan, isKnownText: Bool,
        inflated: (bytes: [UInt8], length: UInt64) = ([], 0), isInflated isWhollyInflated: Bool = false,
        _ violations: [Violation], _ notes: ApplicationNotes?, in packet: PacketHeader,
        _ state: TunnelState, _ context: inout AnalysisContext
    ) {
        let stored = context.observations.store(
            payload.upTo(context.options.payloadLimit), key: header.maskingKey, room: context.payloadRoom)
        let isInflated = !inflated.bytes.isEmpty
        let storedInflated = isInflated ? context.observations.store(inflated.bytes, room: context.payloadRoom) : 0..<0
        let frame = Frame(
            connection: state.name.number, connectionID: state.name.id, number: state.frames,
            message: state.messages, sender: sender,
            header: header, time: packet.timestamp, packet: packet.number, firstPacket: packet.number,
            capturedLength: header.payloadLength, isWhole: true,
            isKnownText: isKnownText && stored.count == payload.byteCount, payload: stored,
            inflated: storedInflated,
            inflatedLength: inflated.length,
            isInflatedToNothing: isWhollyInflated && inflated.length == 0 && header.payloadLength > 0,
            close: nil,
            findings: violations.isEmpty ? [] : violations.map(\.id), application: notes)
        context.tell(.frame(frame), of: state.name, from: sender, in: packet)
    }

    private func observeMessage(
        _ header: FrameHeader, _ payload: RawSpan, _ notes: ApplicationNotes?, in packet: PacketHeader,
        _ state: TunnelState,
        _ context: inout AnalysisContext
    ) {
        let stored = context.observations.store(
            payload.upTo(context.options.payloadLimit), key: header.maskingKey, room: context.payloadRoom)
        var message = Message(
            connection: state.name.number, connectionID: state.name.id, number: state.messages, sender: sender,
            kind: header.opcode,
            firstTime: packet.timestamp, time: packet.timestamp, firstPacket: packet.number,
            packet: packet.number, firstFrame: state.frames, frames: 1, compression: .none,
            wireLength: header.payloadLength, length: header.payloadLength, isWhole: true, payload: stored)
        message.application = notes
        if context.options.digestsMessages {
            message.digest =
                DigestInProgress(isCompressed: false, sent: payload, key: header.maskingKey, &context).digest
        }
        context.tell(.message(message), of: state.name, from: sender, in: packet)
    }
}
