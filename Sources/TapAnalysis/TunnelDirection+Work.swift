import TapCore
import TapWebSocket

/// What lies in memory of its own while it is needed, and the counts of which a part does.
extension TunnelDirection {
    /// Makes sure that there is work.
    mutating func openWork(_ state: inout TunnelState, _ context: inout AnalysisContext) {
        if work.isEmpty { context.spareWork.put(freshWork(state), in: &work) }
    }

    func freshWork(_ state: TunnelState) -> DirectionWork {
        DirectionWork(sender, isContextWhole: state.verdict != .midstream)
    }

    /// Gives up the work where it is over.
    mutating func closeWork(_ context: inout AnalysisContext) {
        if !work.isEmpty, work[0].isOver { context.spareWork.take(from: &work) }
    }

    /// Counts a frame that is not a whole message, or is no data frame.
    /// - Parameter endsMessage: whether it is a data frame that was seen to its end, and the last one of its message.
    mutating func count(
        _ frame: FrameInProgress, endsMessage: Bool, _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        let opcode = frame.header.opcode
        count(opcode, payloadBytes: frame.position, &state, &context)
        if opcode == .continuation { count { $0.continuation += 1 } }
        if opcode.isReserved { count { $0.reserved += 1 } }
        if frame.message != nil, !endsMessage {
            work[0].framesWithoutEnd += 1
            work[0].isToStay = true
        }
    }

    /// Counts a frame of a usual kind.
    mutating func count(
        _ opcode: Opcode, payloadBytes: UInt64, _ state: inout TunnelState, _ context: inout AnalysisContext
    ) {
        var payloadBytes = payloadBytes
        if !counts.hasRoom(forPayloadBytes: payloadBytes) {
            moveCounts(&state, &context)
            count { $0.payloadBytes += payloadBytes }
            payloadBytes = 0
        }
        if !counts.count(opcode, payloadBytes: payloadBytes) { moveCounts(&state, &context) }
    }

    /// Moves what was counted to where there is more room.
    @inline(never)
    private mutating func moveCounts(_ state: inout TunnelState, _ context: inout AnalysisContext) {
        openWork(&state, &context)
        count { [counts] in counts.add(to: &$0) }
        counts = FrameCounts()
    }

    /// Counts what there is no room for in ``FrameCounts``.
    mutating func count(_ change: (inout DirectionStatistics) -> Void) {
        change(&work[0].counts)
        work[0].isToStay = true
    }

    /// Counts what TCP had to do.
    mutating func note(_ event: TransportEvent, _ state: inout TunnelState, _ context: inout AnalysisContext) {
        openWork(&state, &context)
        switch event {
        case .retransmission: count { $0.retransmittedSegments += 1 }
        case .closedWindow(let window): count { $0.zeroWindowTime &+= window.duration }
        case .opened, .roundTrip: break
        }
    }

    /// What was sent so far.
    var statistics: DirectionStatistics {
        var sum = work.first?.counts ?? DirectionStatistics()
        counts.add(to: &sum)
        sum.frames = sum.dataFrames + sum.controlFrames + sum.reserved
        sum.messages = sum.dataFrames - (work.first?.framesWithoutEnd ?? 0)
        return sum
    }
}
