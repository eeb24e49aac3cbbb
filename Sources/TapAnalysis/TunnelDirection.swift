import TapBytes
import TapStreams
import TapWebSocket

/// One peer's frames: from its ordered bytes to observations.
struct TunnelDirection {
    let sender: Sender
    private var decoder = FrameDecoder()
    private var current: FrameInProgress?
    /// The number of the message that is not finished yet.
    private var openMessage: Int?
    /// Whether the first data frame is the start of a message; in the middle of a connection it may be the rest of one.
    private var isStartKnown: Bool
    /// Whether sync was lost at the stream's end, where perhaps nothing follows that could not be told.
    private var isLossUntold = false
    private(set) var hasSentClose = false
    private(set) var statistics = DirectionStatistics()

    init(_ sender: Sender, isStartKnown: Bool) {
        self.sender = sender
        self.isStartKnown = isStartKnown
    }

    mutating func receive(
        _ bytes: RawSpan, in packet: PacketHeader, _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        if decoder.isLost {
            statistics.undecodedBytes += UInt64(bytes.byteCount)
            if isLossUntold { loseSync(because: "bytes are missing between frames", in: packet, &state, &context) }
        }
        var offset = 0
        while let event = decoder.read(bytes, from: &offset) {
            switch event {
            case .began(let header):
                begin(header, in: packet, &state, context.options)
            case .payload(let range):
                let budget = context.options.pendingPayloadLimit - context.pendingPayload
                context.pendingPayload += current?.receive(bytes.extracting(range), budget: budget) ?? 0
            case .finished:
                finishFrame(in: packet, &state, &context)
            case .lost(let header):
                statistics.undecodedBytes += UInt64(bytes.byteCount - offset)
                state.report(FrameCheck.impossibleLength(header), sender, in: packet, &context)
                loseSync(because: "a frame's length is impossible", in: packet, &state, &context)
            }
        }
    }

    /// Steps over bytes that are missing from the capture.
    mutating func miss(
        _ count: Int, because reason: GapReason, before packet: PacketHeader, _ state: inout TunnelState,
        _ context: inout AnalysisContext
    ) {
        statistics.missingBytes += UInt64(count)
        let evidence = [Evidence("bytes", .number(UInt64(count))), Evidence("reason", .text(reason.rawValue))]
        state.report(
            Violation(.captureBytesMissing, "\(count) bytes are missing", evidence), sender, in: packet, &context)
        if reason == .limit {
            let detail = "more bytes wait behind a hole than may be held (--max-held, --max-held-total)"
            state.report(Violation(.captureLimitReached, detail), sender, in: packet, &context)
        }
        guard !decoder.isLost else { return }
        switch decoder.skip(count) {
        case .inPayload:
            current?.skip(count)
            // The hole may end where the frame does.
            var offset = 0
            if decoder.read(RawSpan(), from: &offset) == .finished { finishFrame(in: packet, &state, &context) }
        case .lost:
            abandonFrame(&state, &context)
            isLossUntold = reason == .end
            guard !isLossUntold else { return }
            loseSync(because: "bytes are missing between frames", in: packet, &state, &context)
        }
    }

    private mutating func loseSync(
        because reason: String, in packet: PacketHeader, _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        isLossUntold = false
        let violation = Violation(.captureSyncLost, "\(reason): the rest of this direction is not decoded")
        state.report(violation, sender, in: packet, &context)
    }

    private mutating func begin(
        _ header: FrameHeader, in packet: PacketHeader, _ state: inout TunnelState, _ options: AnalysisOptions
    ) {
        let isRest = !isStartKnown && header.opcode == .continuation
        let violations = FrameCheck.violations(
            header, from: sender, allowedBits: state.allowedBits, isMessageOpen: openMessage != nil || isRest,
            isAfterClose: hasSentClose)
        let isData = !header.opcode.isControl && !header.opcode.isReserved
        if isData { isStartKnown = true }
        if isData, header.opcode != .continuation || openMessage == nil {
            state.messages += 1
            openMessage = state.messages
        }
        current = FrameInProgress(
            header: header, firstPacket: packet.number, message: isData ? openMessage : nil, violations: violations,
            // A close frame says why the connection ends; that is read whatever else is kept.
            payloadLimit: header.opcode == .close ? max(125, options.payloadLimit) : options.payloadLimit)
    }

    /// The frame's last byte was seen.
    private mutating func finishFrame(
        in packet: PacketHeader, _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        if let current, current.header.isFinal, current.message != nil {
            openMessage = nil
            statistics.messages += 1
            context.summary.messages += 1
        }
        emit(in: packet, &state, &context)
    }

    /// The rest of the frame will not be seen.
    mutating func abandonFrame(_ state: inout TunnelState, _ context: inout AnalysisContext) {
        emit(in: state.lastPacket, &state, &context)
    }

    private mutating func emit(
        in packet: PacketHeader, _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        guard let frame = current.take() else { return }
        statistics.count(frame.header, payloadBytes: frame.position)
        context.pendingPayload -= frame.payload.count
        context.summary.frames += 1
        state.frames += 1
        var violations = frame.violations
        var body: CloseBody?
        if frame.header.opcode == .close {
            let parsed = CloseBody(frame.payload.prefix(125))
            if frame.isWhole, frame.header.payloadLength <= 125 {
                violations += FrameCheck.violations(inClose: parsed, length: frame.header.payloadLength)
            }
            hasSentClose = true
            state.close.note(parsed, from: sender)
            body = parsed
        }
        if context.options.observesFrames {
            context.observations.append(
                .frame(
                    Frame(
                        connection: state.number, number: state.frames, message: frame.message, sender: sender,
                        header: frame.header, time: packet.timestamp, packet: packet.number,
                        firstPacket: frame.firstPacket, capturedLength: frame.position - frame.missing,
                        isWhole: frame.isWhole, payload: context.observations.store(frame.payload), close: body,
                        findings: violations.map(\.id))))
        }
        for violation in violations {
            state.report(violation, sender, in: packet, frame: state.frames, &context)
        }
    }
}
