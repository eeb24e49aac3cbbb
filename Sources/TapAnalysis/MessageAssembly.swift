import TapCore
import TapWebSocket

/// Puts one peer's frames together to messages, inflates them and checks their text.
struct MessageAssembly {
    /// Whether there is a message. It stands first, next to what else is looked at for every frame.
    private(set) var isOpen = false
    private let sender: Sender
    /// There only where something was compressed.
    private var inflation: Inflation
    private(set) var message: MessageInProgress?

    /// - Parameter isContextWhole: whether nothing that was compressed came before.
    init(_ sender: Sender, isContextWhole: Bool) {
        self.sender = sender
        inflation = Inflation(sender, isContextWhole: isContextWhole)
    }

    /// Whether there is anything that the next messages may refer to, or would if it were not lost.
    var hasContext: Bool { inflation.hasContext }

    /// Whether the message that is open was compressed, and could be inflated so far.
    var isInflating: Bool { message?.content == .compressed }

    /// A data frame begins: one of the message that is open, or the first of a new one.
    mutating func begin(_ header: FrameHeader, in packet: PacketHeader, _ state: inout TunnelState) {
        if header.opcode != .continuation || message == nil {
            state.messages += 1
            message = MessageInProgress(
                number: state.messages, kind: header.opcode, content: content(of: header, state.agreed),
                firstPacket: packet)
            isOpen = true
        }
        message?.note(header)
    }

    private func content(of header: FrameHeader, _ agreed: AgreedExtensions) -> MessageInProgress.Content {
        guard header.opcode != .continuation else { return .opaque }
        switch header.reservedBits {
        case 0: return agreed.hasUnknown ? .opaque : .plain
        case 0x4 where agreed.compressesMessages: return .compressed
        default: return .opaque
        }
    }

    /// Takes payload of a data frame as it was sent; answers what is wrong with it.
    /// - Parameters:
    ///   - key: the frame's masking key.
    ///   - phase: how many bytes of the frame's payload lie before these.
    mutating func receive(
        _ bytes: RawSpan, key: UInt32, phase: UInt64, _ agreed: AgreedExtensions, _ context: inout AnalysisContext
    ) -> [Violation] {
        message?.wireLength += UInt64(bytes.byteCount)
        if context.options.digestsMessages { digest(bytes, key: key, phase: phase, &context) }
        switch message?.content {
        case .plain, .opaque:
            message?.length += UInt64(bytes.byteCount)
            if context.keepsMessages { keep(bytes, key: key, phase: phase, &context) }
            return message?.checkText(bytes, key: key, phase: phase).map { [$0] } ?? []
        case .compressed:
            guard var message = message.take() else { return [] }
            defer { self.message = message }
            return inflation.inflate(bytes, key: key, phase: phase, &message, agreed, &context)
        case .broken, nil:
            return []
        }
    }

    /// What the payload of the frame that is over inflated to, up to the limit, and how long that was in all.
    mutating func takeInflated(_ context: inout AnalysisContext) -> (bytes: [UInt8], length: UInt64) {
        inflation.takeFrame(&context)
    }

    /// Bytes of a data frame are missing from the capture; answers what that means for the message.
    mutating func skip(_ count: Int) -> Violation? {
        message?.isWhole = false
        message?.wireLength += UInt64(count)
        guard case .compressed = message?.content else { return nil }
        message?.content = .broken
        return inflation.noteHole()
    }

    /// Frames may be missing: what is open will not be finished, and what was compressed is not known.
    mutating func loseFrames() { inflation.loseContext() }

    /// The last frame of a message is whole; answers what is wrong with the message's end.
    mutating func finish(_ agreed: AgreedExtensions, _ context: inout AnalysisContext) -> [Violation] {
        var found: [Violation] = []
        if case .compressed = message?.content, var message = message.take() {
            found = inflation.finish(&message, agreed, &context)
            self.message = message
        }
        if let fault = message?.finishText() { found.append(fault) }
        return found
    }

    /// A frame of the open message was given its number.
    mutating func note(frame number: Int) {
        guard message != nil else { return }
        if message?.firstFrame == 0 { message?.firstFrame = number }
        message?.frames += 1
    }

    /// Inflates a message in one frame, which is all here, and checks its text; answers what is wrong with it.
    mutating func inflateWhole(
        _ bytes: RawSpan, key: UInt32, _ message: inout MessageInProgress, _ agreed: AgreedExtensions,
        _ context: inout AnalysisContext
    ) -> [Violation] {
        if context.options.digestsMessages {
            message.digest = DigestInProgress(isCompressed: true, sent: bytes, key: key, &context)
        }
        var found = inflation.inflateWhole(bytes, key: key, &message, agreed, &context)
        if let fault = message.finishText() { found.append(fault) }
        return found
    }

    /// Tells of the open message, finished or not, and closes it.
    /// - Parameter notes: what it says.
    mutating func close(
        isFinished: Bool, saying notes: ApplicationNotes? = nil, in packet: PacketHeader, _ state: TunnelState,
        _ context: inout AnalysisContext
    ) {
        guard let message = message.take() else { return }
        isOpen = false
        if message.isCompressed, !isFinished { inflation.loseContext() }
        tell(message, isFinished: isFinished, notes, in: packet, state, &context)
    }

    func tell(
        _ message: MessageInProgress, isFinished: Bool, _ notes: ApplicationNotes?, in packet: PacketHeader,
        _ state: TunnelState, _ context: inout AnalysisContext
    ) {
        context.pendingPayload -= message.payload.count
        guard context.options.observesMessages, message.frames > 0 else { return }
        let compression: Message.Compression
        switch (message.isCompressed, message.content) {
        case (false, _): compression = .none
        case (true, .broken): compression = message.length > 0 ? .inflatedInPart : .notInflated
        case (true, _): compression = .inflated
        }
        let kept = message.payload.span.bytes.upTo(context.options.payloadLimit)
        var told = Message(
            connection: state.name.number, connectionID: state.name.id, number: message.number, sender: sender,
            kind: message.kind,
            firstTime: message.firstPacket.timestamp, time: packet.timestamp,
            firstPacket: message.firstPacket.number, packet: packet.number, firstFrame: message.firstFrame,
            frames: message.frames, compression: compression, wireLength: message.wireLength,
            length: message.length, isWhole: isFinished && message.isWhole && message.kind != .continuation,
            payload: context.observations.store(kept, key: 0, room: context.payloadRoom))
        told.application = notes
        if context.options.digestsMessages {
            // Of what is empty nothing was received.
            told.digest = (message.digest ?? DigestInProgress(isCompressed: message.isCompressed)).digest
        }
        context.tell(.message(told), of: state.name, from: sender, in: packet)
    }

    /// Adds payload to what tells the message from others.
    @inline(never)
    private mutating func digest(
        _ bytes: RawSpan, key: UInt32, phase: UInt64, _ context: inout AnalysisContext
    ) {
        guard var digest = message?.digest ?? message.map({ DigestInProgress(isCompressed: $0.isCompressed) }) else {
            return
        }
        digest.add(sent: bytes, key: key, phase: phase, &context)
        message?.digest = digest
    }

    private mutating func keep(_ bytes: RawSpan, key: UInt32, phase: UInt64, _ context: inout AnalysisContext) {
        let room = context.messageRoom(message?.payload.count ?? 0)
        context.pendingPayload += message?.keep(bytes, key: key, phase: phase, room: room) ?? 0
    }
}
