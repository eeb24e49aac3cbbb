import TapCore
import TapSubprotocols
import TapWebSocket

/// Whole messages on their way to the protocol that they belong to.
extension TunnelDirection {
    /// Reads a message in one frame that lies whole in the stream and is not compressed.
    @inline(never)
    func read(
        _ header: FrameHeader, _ payload: RawSpan, in packet: PacketHeader, _ state: inout TunnelState,
        _ context: inout AnalysisContext
    ) -> TunnelState.ReadMessage {
        guard payload.byteCount <= context.options.decoding.longestMessage, !state.agreed.hasUnknown else {
            state.loseMessages(of: sender, &context)
            return TunnelState.ReadMessage()
        }
        var bytes = context.takeMessageBytes()
        Masking.append(payload, key: header.maskingKey, phase: 0, to: &bytes)
        let message = ApplicationMessage(
            number: state.messages, sender: sender, isText: header.opcode == .text, firstTime: packet.timestamp,
            time: packet.timestamp)
        let read = state.read(bytes, message, &context)
        context.messageBytes = bytes
        return read
    }

    /// Reads a message that was put together or inflated, where all of it is here.
    func read(
        _ message: MessageInProgress?, in packet: PacketHeader, _ state: inout TunnelState,
        _ context: inout AnalysisContext
    ) -> TunnelState.ReadMessage {
        guard let message, message.isReadable else {
            state.loseMessages(of: sender, &context)
            return TunnelState.ReadMessage()
        }
        return state.read(
            message.payload,
            ApplicationMessage(
                number: message.number, sender: sender, isText: message.kind == .text,
                firstTime: message.firstPacket.timestamp, time: packet.timestamp), &context)
    }
}

extension MessageInProgress {
    /// Whether all of its payload is here.
    fileprivate var isReadable: Bool {
        switch content {
        case .plain, .compressed: isWhole && UInt64(payload.count) == length && kind != .continuation
        case .broken, .opaque: false
        }
    }
}
