import TapBytes
import TapWebSocket

/// The short way of a message in a single frame that lies whole in one piece of the stream.
extension TunnelDirection {
    mutating func receive(
        _ frame: WholeFrame, _ payload: RawSpan, in packet: PacketHeader, _ state: inout TunnelState,
        _ context: inout AnalysisContext
    ) {
        let header = frame.header
        let violations = violations(header, payload, state.agreed)
        noteWhole(header)
        context.summary.frames += 1
        context.summary.messages += 1
        state.frames += 1
        state.messages += 1
        state.closing.noteActivity(at: packet.timestamp)
        if context.options.observesFrames {
            observe(header, payload, violations, in: packet, state, &context)
        }
        for violation in violations {
            state.report(violation, sender, in: packet, frame: state.frames, &context)
        }
        if context.options.observesMessages { observeMessage(header, payload, in: packet, state, &context) }
    }

    private mutating func violations(
        _ header: FrameHeader, _ payload: RawSpan, _ agreed: AgreedExtensions
    ) -> [Violation] {
        var violations: [Violation] = []
        if header.isMasked, payload.byteCount > 0, let violation = keys.check(header) { violations.append(violation) }
        if header.opcode == .text, !agreed.hasUnknown {
            var text = UTF8Check()
            text.receive(payload, key: header.maskingKey)
            text.finish()
            if let fault = text.fault { violations.append(MessageInProgress.textFault(at: fault)) }
        }
        return violations
    }

    private func observe(
        _ header: FrameHeader, _ payload: RawSpan, _ violations: [Violation], in packet: PacketHeader,
        _ state: TunnelState, _ context: inout AnalysisContext
    ) {
        let stored = context.observations.store(
            payload.upTo(context.options.payloadLimit), key: header.maskingKey, room: context.payloadRoom)
        context.tell(
            .frame(
                Frame(
                    connection: state.number, number: state.frames, message: state.messages, sender: sender,
                    header: header, time: packet.timestamp, packet: packet.number, firstPacket: packet.number,
                    capturedLength: header.payloadLength, isWhole: true, payload: stored, inflated: 0..<0,
                    inflatedLength: 0, close: nil, findings: violations.map(\.id))), of: state.number, from: sender,
            in: packet)
    }

    private func observeMessage(
        _ header: FrameHeader, _ payload: RawSpan, in packet: PacketHeader, _ state: TunnelState,
        _ context: inout AnalysisContext
    ) {
        let stored = context.observations.store(
            payload.upTo(context.options.payloadLimit), key: header.maskingKey, room: context.payloadRoom)
        context.tell(
            .message(
                Message(
                    connection: state.number, number: state.messages, sender: sender, kind: header.opcode,
                    firstTime: packet.timestamp, time: packet.timestamp, firstPacket: packet.number,
                    packet: packet.number, firstFrame: state.frames, frames: 1, compression: .none,
                    wireLength: header.payloadLength, length: header.payloadLength, isWhole: true, payload: stored)),
            of: state.number, from: sender, in: packet)
    }
}
