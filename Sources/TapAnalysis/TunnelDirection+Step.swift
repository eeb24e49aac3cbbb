import TapCore
import TapWebSocket

/// What happens where a frame should begin, and the bytes look like none.
extension TunnelDirection {
    /// Frames after which a direction that began in the middle is known to have begun rightly.
    private static let enoughFrames: UInt64 = 4

    /// Whether what should be a header is suspicious, and not as others before it that turned out to be frames.
    func isSuspicious(_ header: FrameHeader, _ state: TunnelState) -> Bool {
        !faults(of: header, state).isSubset(of: work[0].acceptedFaults)
    }

    private func faults(of header: FrameHeader, _ state: TunnelState) -> StepCheck.Faults {
        StepCheck.Faults(header, from: sender, reservedBits: allowedBits(state))
    }

    private func allowedBits(_ state: TunnelState) -> UInt8 {
        state.agreed.reservedBits ?? (isBeginningDoubtful(state) ? 0x4 : 0x7)
    }

    /// Whether it began where frames only seemed to.
    private func isBeginningDoubtful(_ state: TunnelState) -> Bool {
        (state.verdict == .midstream || state.verdict == .unverifiable)
            && statistics.frames < TunnelDirection.enoughFrames
    }

    /// Looks first at what follows a suspicious header, before anything is said of it.
    mutating func suspect(
        _ header: FrameHeader, before rest: RawSpan, in packet: PacketHeader, _ state: inout TunnelState,
        _ context: inout AnalysisContext
    ) {
        let isDoubtful = isBeginningDoubtful(state)
        work[0].decoder.lose()
        loseSync(because: "what should be a frame is none", in: packet, state, &context)
        if isDoubtful { giveUpMessage(&state, &context) } else { work[0].suspect = header }
        var bytes = header.bytes
        bytes.append(rest)
        receiveLost(bytes.span.bytes, in: packet, &state, &context)
    }

    /// Decides of a suspicious header, where that can be; answers whether bytes are still to be searched for frames.
    mutating func decide(
        of search: FrameSearch, hasEnded: Bool, isFound: Bool, _ state: inout TunnelState,
        _ context: inout AnalysisContext
    ) -> Bool {
        guard let header = work[0].suspect else { return true }
        let check = StepCheck(sender: sender, allowed: allowedBits(state))
        switch check.answer(search.pieces(from: 0), hasEnded: hasEnded) {
        case .inStep:
            work[0].suspect = nil
            work[0].acceptedFaults.formUnion(faults(of: header, state))
            work[0].isToStay = true
            work[0].decoder = FrameDecoder()
            work[0].loss = nil
            receive(search.pieces(from: 0), &state, &context)
            return false
        case .undecided where !isFound: break
        case .undecided, .outOfStep: declareOutOfStep(&state, &context)
        }
        return true
    }

    private mutating func declareOutOfStep(_ state: inout TunnelState, _ context: inout AnalysisContext) {
        guard let header = work[0].suspect.take(), let packet = work[0].loss?.packet else { return }
        // After lost bytes it may be the analysis that is out of step.
        if !work[0].hasLostFrames, marks.insert(.isOutOfStepTold).inserted {
            let start = Hex.string(header.bytes.prefix(2))
            let place = "from packet \(packet.number.rawValue) on"
            let detail = "\(place) the \(sender.rawValue)'s stream is out of step: \(start) begins no frame"
            state.report(
                Violation(.streamOutOfStep, detail, [Evidence("header", .text(start))]), sender, in: packet, &context)
        }
        giveUpMessage(&state, &context)
    }

    /// What was open will not be finished: frames may be among what is no frame.
    private mutating func giveUpMessage(_ state: inout TunnelState, _ context: inout AnalysisContext) {
        work[0].hasLostFrames = true
        work[0].isToStay = true
        work[0].messages.close(isFinished: false, in: state.lastPacket, state, &context)
        work[0].messages.loseFrames()
    }
}
