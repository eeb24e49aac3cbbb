import TapCore
import TapWebSocket

/// What stands where a frame must begin, and is another protocol.
extension TunnelDirection {
    /// What is to be done with bytes after a look at them.
    enum ForeignOutcome {
        /// Frames go on.
        case frames
        /// A part was decoded.
        case again
        /// They all were taken.
        case taken
    }

    /// Looks at bytes at a frame's boundary.
    mutating func readForeign(
        _ bytes: RawSpan, from offset: inout Int, in packet: PacketHeader, _ state: inout TunnelState,
        _ context: inout AnalysisContext
    ) -> ForeignOutcome {
        let isPending = work[0].$foreign
        guard isPending || ForeignBytes.isForbidden(bytes.uint8(at: offset), state.agreed) else { return .frames }
        var foreign = work[0].foreign.take() ?? ForeignBytes()
        let start = offset
        switch foreign.read(bytes, from: &offset, sender) {
        case .undecided:
            work[0].foreign = foreign
            return .taken
        case .found(let what, let text):
            stop(what, text, foreign, in: packet, &state, &context)
            noteUndecoded(bytes.byteCount - offset)
            return .taken
        case .absent:
            guard isPending else {
                offset = start
                return .frames
            }
            receive(asFrames: foreign, in: packet, &state, &context)
            return .again
        }
    }

    /// No more will come, or some of it is missing: decides of what was too short to tell.
    mutating func finishForeign(
        in packet: PacketHeader, _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        guard !work.isEmpty, let foreign = work[0].foreign.take() else { return }
        if case .found(let what, let text) = foreign.answer(sender, isOver: true) {
            stop(what, text, foreign, in: packet, &state, &context)
        } else {
            receive(asFrames: foreign, in: packet, &state, &context)
        }
    }

    private mutating func receive(
        asFrames foreign: ForeignBytes, in packet: PacketHeader, _ state: inout TunnelState,
        _ context: inout AnalysisContext
    ) {
        let bytes = foreign.bytes.span.bytes
        var offset = 0
        if receiveOther(bytes, from: &offset, mayBeForeign: false, in: packet, &state, &context) {
            receive(bytes.from(offset), in: packet, &state, &context)
        }
    }

    /// The direction is not decoded any more.
    private mutating func stop(
        _ what: String, _ text: String, _ foreign: ForeignBytes, in packet: PacketHeader, _ state: inout TunnelState,
        _ context: inout AnalysisContext
    ) {
        let isInStep = !work[0].hasLostFrames
        noteUndecoded(foreign.bytes.count)
        state.noteUnread(sender, bytes: .max)
        work[0].messages.close(isFinished: false, in: packet, state, &context)
        work[0].decoder.lose()
        work[0].loss = nil
        forgetSearch(&context)
        // Where a head or frames are lost, nothing says that frames must begin here.
        guard state.verdict.isOpeningSeen, isInStep else {
            work[0].loss = Loss(reason: "\(what) follows what is missing", packet: packet)
            return
        }
        let shown = text.isEmpty ? "" : ", “\(text)”,"
        state.report(
            Violation(
                .httpAfterUpgrade, "\(what)\(shown) stands where the \(sender.rawValue)'s frame must begin",
                text.isEmpty ? [] : [Evidence("text", .text(text))]),
            sender, in: packet, &context)
    }
}
