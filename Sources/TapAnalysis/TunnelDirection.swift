import TapBytes
import TapStreams
import TapWebSocket

/// One peer's frames: from its ordered bytes to observations.
struct TunnelDirection {
    /// Where frame boundaries were lost and not found again.
    @Rare var loss: Loss?
    /// There while they are looked for.
    @Rare var search: FrameSearch?
    var current: FrameInProgress?
    var messages: MessageAssembly

    // What every frame needs lies together, in two lines of the processor's cache.

    let sender: Sender
    /// Whether the first data frame is the start of a message; in the middle of a connection it may be the rest of one.
    var isStartKnown: Bool
    var hasSentClose = false
    var isCutTold = false
    var isUnfinishedTold = false
    var hasEnded = false
    var keys = MaskingKeys()
    var decoder = FrameDecoder()
    var statistics = DirectionStatistics()

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
        var offset = 0
        let mayBeCompressed = state.agreed.compressesMessages
        repeat {
            while canTakeShortWay {
                guard offset < bytes.byteCount else { return }
                guard let frame = WholeFrame(bytes, at: offset, from: sender, mayBeCompressed: mayBeCompressed)
                else { break }
                offset = frame.payload.upperBound
                let payload = bytes.extracting(frame.payload)
                if frame.header.reservedBits == 0 {
                    receive(frame, payload, in: packet, &state, &context)
                } else {
                    receive(compressed: frame, payload, in: packet, &state, &context)
                }
            }
        } while receiveOther(bytes, from: &offset, in: packet, &state, &context)
    }

    /// Reads on from `offset`, up to where the short way may be open again; answers whether there is more to read.
    private mutating func receiveOther(
        _ bytes: RawSpan, from offset: inout Int, in packet: PacketHeader, _ state: inout TunnelState,
        _ context: inout AnalysisContext
    ) -> Bool {
        guard !decoder.isLost else {
            receiveLost(bytes.from(offset), in: packet, &state, &context)
            return false
        }
        while let event = decoder.read(bytes, from: &offset) {
            switch event {
            case .began(let header):
                if hasSentClose, !isPlausibleAfterClose(header) {
                    noteUndecoded(bytes.byteCount - offset + header.length)
                    stopAfterClose(in: packet, &state, &context)
                    return false
                }
                begin(header, in: packet, &state, &context)
            case .payload(let range):
                receivePayload(bytes.extracting(range), in: packet, &state, &context)
            case .finished:
                finishFrame(in: packet, &state, &context)
                return true
            case .lost(let header):
                state.report(FrameCheck.impossibleLength(header), sender, in: packet, &context)
                noteUndecoded(header.length)
                loseSync(because: "a frame's length is impossible", in: packet, state, &context)
                receiveLost(bytes.from(offset), in: packet, &state, &context)
                return false
            }
        }
        return false
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
            let detail = "\(Decimal.grouped(UInt64(count))) bytes of this packet were not captured; more may follow"
            return state.report(Violation(.captureSnaplen, detail, evidence), sender, in: packet, &context)
        }
        let detail = "\(Decimal.counted(UInt64(count), "byte")) \(count == 1 ? "is" : "are") missing"
        state.report(Violation(.captureBytesMissing, detail, evidence), sender, in: packet, &context)
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
}
