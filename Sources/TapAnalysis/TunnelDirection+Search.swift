import TapBytes
import TapWebSocket

/// What happens while it is not known where frames begin.
extension TunnelDirection {
    /// Begins where frames probably do, but where more of the client's bytes than its request may be missing.
    mutating func beginWithoutRequest(in packet: PacketHeader, _ state: TunnelState) {
        var lost = freshWork(state)
        lost.decoder.lose()
        lost.loss = Loss(reason: "the request was not captured", packet: packet)
        lost.search = FrameSearch(expectation(state.agreed), isStartLikely: true)
        work = [lost]
    }

    private func expectation(_ agreed: AgreedExtensions) -> FrameChain.Expectation {
        FrameChain.Expectation(isMasked: sender == .client, reservedBits: agreed.reservedBits ?? 0x4)
    }

    /// Begins to look for frames, from this packet on.
    mutating func loseSync(
        because reason: String, in packet: PacketHeader, _ state: TunnelState, _ context: inout AnalysisContext
    ) {
        forgetSearch(&context)
        work[0].loss = Loss(reason: reason, packet: packet)
        work[0].search = FrameSearch(expectation(state.agreed))
    }

    /// Takes bytes that are no known frame's; goes on decoding where frames are found in them.
    mutating func receiveLost(
        _ bytes: RawSpan, in packet: PacketHeader, _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        guard var search = work[0].search, context.pendingPayload < context.pendingPayloadLimit else {
            forgetSearch(&context)
            noteUndecoded(bytes.byteCount)
            return
        }
        work[0].search = nil
        context.pendingPayload -= search.count
        let found = search.receive(bytes, in: packet)
        guard let found else {
            context.pendingPayload += search.count
            work[0].search = search
            return
        }
        let skipped = search.dropped + found
        noteUndecoded(skipped)
        restart()
        if skipped > 0 {
            state.noteUnread(sender, bytes: .max)
            tellSkipped(skipped, in: packet, &state, &context)
        }
        for piece in search.pieces(from: found) { receive(piece.bytes.span.bytes, in: piece.packet, &state, &context) }
    }

    private func tellSkipped(
        _ skipped: Int, in packet: PacketHeader, _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        state.report(
            Violation(
                .captureResynchronised, "\(Decimal.grouped(UInt64(skipped))) bytes were skipped to find the next frame",
                [Evidence("skipped", .number(UInt64(skipped)))]),
            sender, in: packet, &context)
    }

    /// Tells, where the bytes end, of those that were not decoded.
    mutating func finishSearch(_ state: inout TunnelState, _ context: inout AnalysisContext) {
        forgetSearch(&context)
        let undecoded = work[0].counts.undecodedBytes
        guard let loss = work[0].loss, undecoded > 0 else { return }
        work[0].loss = nil
        state.noteUnread(sender, bytes: .max)
        let detail = "\(loss.reason): the rest of this direction is not decoded"
        state.report(
            Violation(.captureSyncLost, detail, [Evidence("undecoded", .number(undecoded))]), sender,
            in: loss.packet, &context)
    }

    /// Gives up what is kept of bytes that are no known frame's.
    mutating func forgetSearch(_ context: inout AnalysisContext) {
        guard let search = work[0].search else { return }
        context.pendingPayload -= search.count
        noteUndecoded(search.dropped + search.count)
        work[0].search = nil
    }
}
