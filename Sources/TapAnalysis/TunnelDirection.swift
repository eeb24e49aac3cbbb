import TapCore
import TapWebSocket

/// One peer's frames: from its ordered bytes to observations.
struct TunnelDirection {
    /// What it needs while more goes on than messages in whole frames: none or one. An array, since that can be changed
    /// in place without counting references, and its memory be used again.
    var work: [DirectionWork] = []
    var counts = FrameCounts()
    let sender: Sender
    var marks: TunnelMarks
    var keys = MaskingKeys()

    init(_ sender: Sender, isStartKnown: Bool) {
        self.sender = sender
        marks = isStartKnown ? .isStartKnown : []
    }

    /// Whether every frame that was sent so far was seen: only then is known what was not sent. Bytes that are missing
    /// inside of a payload hold no frame.
    var isComplete: Bool { work.first?.hasAllFrames ?? true }

    /// Whether nothing was sent of a frame whose end did not come.
    var isBetweenFrames: Bool { work.isEmpty || work[0].decoder.isAtBoundary }

    /// How many bytes of a payload are still to come.
    var frameRest: UInt64 { work.first?.decoder.payloadLeft ?? 0 }

    /// Whether the next byte begins a frame, and nothing is open that a message in a single one would have to do with.
    var canTakeShortWay: Bool { (work.isEmpty || work[0].isBetweenMessages) && !marks.contains(.hasSentClose) }

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

    /// Reads on from `offset`, up to where the fast path may be open again; answers whether there is more to read.
    /// - Parameter mayBeForeign: whether what begins there was not looked at yet.
    mutating func receiveOther(
        _ bytes: RawSpan, from offset: inout Int, mayBeForeign: Bool = true, in packet: PacketHeader,
        _ state: inout TunnelState, _ context: inout AnalysisContext
    ) -> Bool {
        guard offset < bytes.byteCount else { return false }
        openWork(&state, &context)
        if mayBeForeign, work[0].decoder.isAtBoundary,
            ForeignBytes.mayBegin(with: bytes.uint8(at: offset)) || work[0].$foreign, !marks.contains(.hasSentClose)
        {
            switch readForeign(bytes, from: &offset, in: packet, &state, &context) {
            case .frames: break
            case .again: return true
            case .taken: return false
            }
        }
        guard !work[0].decoder.isLost else {
            receiveLost(bytes.from(offset), in: packet, &state, &context)
            return false
        }
        while let event = work[0].decoder.read(bytes, from: &offset) {
            switch event {
            case .began(let header):
                if marks.contains(.hasSentClose), !isPlausibleAfterClose(header) {
                    noteUndecoded(bytes.byteCount - offset + header.length)
                    stopAfterClose(in: packet, &state, &context)
                    return false
                }
                if isSuspicious(header, state), context.pendingPayload < context.pendingPayloadLimit {
                    suspect(header, before: bytes.from(offset), in: packet, &state, &context)
                    return false
                }
                begin(header, in: packet, &state, &context)
            case .payload(let range):
                work[0].receive(payload: bytes.extracting(range), in: packet, state.agreed, &context)
            case .finished:
                finishFrame(in: packet, &state, &context)
                closeWork(&context)
                return true
            case .lost(let header):
                state.report(FrameCheck.impossibleLength(header), sender, in: packet, &context)
                state.noteUnread(sender, bytes: .max)
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
        finishForeign(in: packet, &state, &context)
        openWork(&state, &context)
        self.count { $0.missingBytes += UInt64(count) }
        if reason == .end { marks.insert(.mayHaveLostEnd) }
        reportGap(count, because: reason, before: packet, &state, &context)
        guard !work[0].decoder.isLost else {
            state.noteUnread(sender, bytes: .max)
            work[0].hasLostFrames = true
            if let loss = work[0].loss { loseSync(because: loss.reason, in: loss.packet, state, &context) }
            return
        }
        switch work[0].decoder.skip(reason.isExact ? count : .max) {
        case .inPayload:
            work[0].skip(payload: count)
            // The hole may end where the frame does.
            var offset = 0
            guard work[0].decoder.read(RawSpan(), from: &offset) == .finished else { return }
            finishFrame(in: packet, &state, &context)
            closeWork(&context)
        case .lost:
            state.noteUnread(sender, bytes: count)
            state.loseMessages(of: sender, &context)
            work[0].hasLostFrames = true
            abandonFrame(&state, &context)
            work[0].messages.close(isFinished: false, in: state.lastPacket, state, &context)
            work[0].messages.loseFrames()
            loseSync(because: "bytes are missing between frames", in: packet, state, &context)
        }
    }

    /// Counts bytes that are missing before the first frame.
    mutating func missInHead(
        _ count: Int, because reason: GapReason, before packet: PacketHeader, _ state: inout TunnelState,
        _ context: inout AnalysisContext
    ) {
        openWork(&state, &context)
        self.count { $0.missingBytes += UInt64(count) }
        state.loseMessages(of: sender, &context)
        // Where the head's end is missing too, frames may be.
        if work[0].decoder.isLost { work[0].hasLostFrames = true }
        reportGap(count, because: reason, before: packet, &state, &context)
    }

    /// The peer's bytes end here, or the other peer's reset ends them.
    mutating func end(
        _ reason: StreamEnd, in packet: PacketHeader, _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        guard marks.insert(.hasEnded).inserted else { return }
        if reason == .finished { marks.insert(.hasFinished) }
        finishForeign(in: packet, &state, &context)
        guard !work.isEmpty else { return }
        finishSearch(&state, &context)
        guard !work.isEmpty else { return }
        let isInFrame = work[0].current.map { $0.missing == 0 } ?? !work[0].decoder.isAtBoundary
        let hasFrame = work[0].current != nil
        // A part of an answer may have come.
        if isInFrame || work[0].messages.isOpen { state.loseMessages(of: sender, &context) }
        abandonFrame(&state, &context)
        if reason == .finished || reason == .reset, !work[0].decoder.isLost, !state.unseen.contains(sender),
            let (ender, sign) = state.ender
        {
            if isInFrame {
                let name = state.name(of: sign)
                let detail = "the \(ender.rawValue)'s \(name) came in the middle of the \(sender.rawValue)'s frame"
                state.report(
                    Violation(.closeInFrame, by: ender, detail), sender, in: packet,
                    frame: hasFrame ? state.frames : nil, &context)
            } else if ender == sender {
                noteUnfinished(in: packet, &state, &context)
            }
        }
        work[0].messages.close(isFinished: false, in: state.lastPacket, state, &context)
    }

    private mutating func reportGap(
        _ count: Int, because reason: GapReason, before packet: PacketHeader, _ state: inout TunnelState,
        _ context: inout AnalysisContext
    ) {
        let evidence = [Evidence("bytes", .number(UInt64(count))), Evidence("reason", .text(reason.rawValue))]
        if reason == .cutShort {
            guard !work[0].isCutTold else { return }
            work[0].isCutTold = true
            let detail = "\(Decimal.grouped(UInt64(count))) bytes of this packet were not captured; more may follow"
            return state.report(Violation(.captureSnaplen, detail, evidence), sender, in: packet, &context)
        }
        tellMissing(count, evidence: evidence, in: packet, &state, &context)
        if reason == .limit {
            let detail = "more bytes wait behind a hole than may be held (--max-held, --max-held-total)"
            state.report(Violation(.captureLimitReached, detail), sender, in: packet, &context)
        }
    }

    func tellMissing(
        _ count: Int, evidence: [Evidence], in packet: PacketHeader, _ state: inout TunnelState,
        _ context: inout AnalysisContext
    ) {
        let detail = "\(Decimal.counted(UInt64(count), "byte")) \(count == 1 ? "is" : "are") missing"
        state.report(Violation(.captureBytesMissing, detail, evidence), sender, in: packet, &context)
    }

    /// Begins anew, in the middle of the stream.
    mutating func restart() {
        work[0].decoder = FrameDecoder()
        work[0].loss = nil
        marks.remove(.isStartKnown)
    }

    mutating func noteUndecoded(_ count: Int) {
        self.count { $0.undecodedBytes += UInt64(count) }
        if count > 0 { work[0].hasLostFrames = true }
    }

    /// Bytes that were counted as missing are in the capture: too late to be decoded.
    mutating func noteLate(_ count: Int) {
        guard let missing = work.first?.counts.missingBytes else { return }
        let late = min(UInt64(count), missing)
        self.count {
            $0.missingBytes -= late
            $0.undecodedBytes += late
        }
    }

    /// What follows a close frame may be anything, as when a server writes an HTTP response once its handler returns.
    private func isPlausibleAfterClose(_ header: FrameHeader) -> Bool {
        header.isMasked == (sender == .client) && header.reservedBits == 0 && !header.opcode.isReserved
            && header.isFinal && header.isLengthMinimal
    }

    private mutating func stopAfterClose(
        in packet: PacketHeader, _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        work[0].decoder.lose()
        let detail = "what the \(sender.rawValue) sent after its close frame is no frame"
        state.report(Violation(.frameAfterClose, detail), sender, in: packet, &context)
    }
}

/// The yes and no that a direction remembers, in one byte.
struct TunnelMarks: OptionSet {
    var rawValue: UInt8

    /// Whether the first data frame is the start of a message; in the middle of a connection it may be the rest of one.
    static let isStartKnown = TunnelMarks(rawValue: 1)
    static let hasSentClose = TunnelMarks(rawValue: 2)
    static let hasEnded = TunnelMarks(rawValue: 4)
    static let isZeroKeyTold = TunnelMarks(rawValue: 8)
    static let isRepeatedKeyTold = TunnelMarks(rawValue: 16)
    /// Whether its FIN was reached.
    static let hasFinished = TunnelMarks(rawValue: 32)
    /// Whether its last bytes may be missing, and with them a FIN.
    static let mayHaveLostEnd = TunnelMarks(rawValue: 64)
    static let isOutOfStepTold = TunnelMarks(rawValue: 128)
}
