import TapCore
import TapWebSocket

/// What happens while it is not known where frames begin.
extension TunnelDirection {
    /// Begins in the middle, where the connection was recognised by its frames.
    mutating func begin(
        at start: PickUpStart, in packet: PacketHeader, _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        if !start.isCertain {
            begin(because: "the handshake was not captured", isStartLikely: start.isLikely, in: packet, state)
        }
        if start.missing > 0 || start.skipped > 0 {
            // Messages may have been begun, said and compressed before.
            marks.remove(.isStartKnown)
            openWork(&state, &context)
            work[0].hasLostFrames = true
            work[0].messages.loseFrames()
            state.loseMessages(of: sender, &context)
        }
        if start.missing > 0 {
            count { $0.missingBytes += UInt64(start.missing) }
            tellMissing(start.missing, evidence: [], in: packet, &state, &context)
        }
        if start.skipped > 0 {
            noteUndecoded(start.skipped)
            tellSkipped(start.skipped, in: packet, &state, &context)
        }
    }

    /// Begins where frames may begin, but where more bytes than the head before them may be missing.
    mutating func begin(because reason: String, isStartLikely: Bool, in packet: PacketHeader, _ state: TunnelState) {
        var lost = freshWork(state)
        lost.decoder.lose()
        lost.loss = Loss(reason: reason, packet: packet)
        lost.search = FrameSearch(expectation(state.agreed), isStartLikely: isStartLikely)
        lost.messages.loseFrames()
        work = [lost]
    }

    /// Searches that may lie in each other, where frames and other bytes follow each other in what was kept.
    private static let mostSearches = 16

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
        let found = search.receive(bytes, in: packet, arrival: state.arrival)
        guard decide(of: search, hasEnded: false, isFound: found != nil, &state, &context) else { return }
        guard let found else {
            context.pendingPayload += search.count
            work[0].search = search
            return
        }
        goOn(at: found, of: search, in: packet, &state, &context)
    }

    /// Goes on decoding where frames were found.
    private mutating func goOn(
        at found: Int, of search: FrameSearch, in packet: PacketHeader, _ state: inout TunnelState,
        _ context: inout AnalysisContext
    ) {
        let skipped = search.dropped + found
        noteUndecoded(skipped)
        guard context.searchDepth < TunnelDirection.mostSearches else {
            noteUndecoded(search.count - found)
            return loseSync(because: "frames were lost too often in one packet", in: packet, state, &context)
        }
        context.searchDepth += 1
        defer { context.searchDepth -= 1 }
        restart()
        state.loseMessages(of: sender, &context)
        if skipped > 0 {
            state.noteUnread(sender, bytes: .max)
            tellSkipped(skipped, in: packet, &state, &context)
        }
        receive(search.pieces(from: found), &state, &context)
    }

    /// Reads bytes that were kept, at the place where TCP had brought them.
    mutating func receive(
        _ pieces: [FrameSearch.KeptBytes], _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        let latest = state.arrival
        for piece in pieces {
            state.arrival = piece.arrival
            receive(piece.bytes.span.bytes, in: piece.packet, &state, &context)
        }
        state.arrival = latest
    }

    /// Looks a last time for frames in what is kept, since nothing more will come, and decodes them.
    private mutating func searchAtEnd(_ state: inout TunnelState, _ context: inout AnalysisContext) {
        while !work.isEmpty, var search = work[0].search.take() {
            guard decide(of: search, hasEnded: true, isFound: false, &state, &context) else {
                context.pendingPayload -= search.count
                continue
            }
            guard let found = search.lookAtEnd() else {
                work[0].search = search
                return
            }
            context.pendingPayload -= search.count
            goOn(at: found, of: search, in: state.lastPacket, &state, &context)
        }
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
        searchAtEnd(&state, &context)
        guard !work.isEmpty else { return }
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
        work[0].suspect = nil
        guard let search = work[0].search else { return }
        context.pendingPayload -= search.count
        noteUndecoded(search.dropped + search.count)
        work[0].search = nil
    }
}
