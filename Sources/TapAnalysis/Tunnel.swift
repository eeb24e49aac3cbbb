import TapCore
import TapWebSocket

/// One connection that has switched to WebSocket.
struct Tunnel {
    private var state: TunnelState
    private var fromClient: TunnelDirection
    private var fromServer: TunnelDirection

    init(_ handshake: Handshake, openedIn packet: PacketHeader, client: FrameStart, server: FrameStart) {
        state = TunnelState(handshake, openedIn: packet)
        let isStartKnown = handshake.verdict != .midstream
        fromClient = TunnelDirection(.client, isStartKnown: isStartKnown)
        fromServer = TunnelDirection(.server, isStartKnown: isStartKnown)
        guard handshake.verdict == .unverifiable else { return }
        if case .unknown(let reason, let isLikely) = client {
            fromClient.begin(because: reason, isStartLikely: isLikely, in: packet, state)
        }
        if case .unknown(let reason, let isLikely) = server {
            fromServer.begin(because: reason, isStartLikely: isLikely, in: packet, state)
        }
    }

    /// Prepares for reading messages in the protocol that they belong to.
    mutating func openApplication(_ handshake: Handshake, _ context: inout AnalysisContext) {
        state.openApplication(handshake, &context)
    }

    /// Begins in the middle, where its frames were recognised.
    mutating func begin(at starts: PickUpStarts, in packet: PacketHeader, _ context: inout AnalysisContext) {
        fromClient.begin(at: starts.client, in: packet, &state, &context)
        fromServer.begin(at: starts.server, in: packet, &state, &context)
    }

    mutating func receive(
        _ bytes: RawSpan, from sender: Sender, in packet: PacketHeader, _ context: inout AnalysisContext
    ) {
        state.note(packet)
        state.arrival &+= 1
        switch sender {
        case .client: fromClient.receive(bytes, in: packet, &state, &context)
        case .server: fromServer.receive(bytes, in: packet, &state, &context)
        }
    }

    /// Steps over bytes that are missing from the capture.
    mutating func miss(
        _ count: Int, because reason: GapReason, from sender: Sender, before packet: PacketHeader,
        _ context: inout AnalysisContext
    ) {
        switch sender {
        case .client: fromClient.miss(count, because: reason, before: packet, &state, &context)
        case .server: fromServer.miss(count, because: reason, before: packet, &state, &context)
        }
    }

    /// Reports what is wrong with a segment; bytes that are late after all were not missing.
    mutating func note(
        _ anomaly: SegmentAnomaly, _ sender: Sender, in packet: PacketHeader, _ context: inout AnalysisContext
    ) {
        if case .ignored(let segment) = anomaly, segment.reason == .late { noteLate(segment.length, from: sender) }
        report(Violation(anomaly), sender, in: packet, &context)
    }

    /// Counts what TCP had to do, and reports what it was kept from.
    mutating func note(
        _ event: TransportEvent, _ sender: Sender, in packet: PacketHeader, _ context: inout AnalysisContext
    ) {
        switch sender {
        case .client: fromClient.note(event, &state, &context)
        case .server: fromServer.note(event, &state, &context)
        }
        guard case .closedWindow(let window) = event, let violation = Violation(window, of: sender) else { return }
        report(violation, sender, in: packet, &context)
    }

    /// Bytes that were counted as missing are in the capture: too late to be decoded.
    mutating func noteLate(_ count: Int, from sender: Sender) {
        switch sender {
        case .client: fromClient.noteLate(count)
        case .server: fromServer.noteLate(count)
        }
    }

    /// Counts bytes that are missing before the first frame.
    mutating func missInHead(
        _ count: Int, because reason: GapReason, from sender: Sender, before packet: PacketHeader,
        _ context: inout AnalysisContext
    ) {
        switch sender {
        case .client: fromClient.missInHead(count, because: reason, before: packet, &state, &context)
        case .server: fromServer.missInHead(count, because: reason, before: packet, &state, &context)
        }
    }

    /// More may have been sent by peers before the end that comes now than was read, or will be.
    mutating func note(unseen: Sides) { state.unseen.formUnion(unseen) }

    /// How many bytes of a payload are still to come of a peer's frame.
    func frameRest(from sender: Sender) -> UInt64 {
        switch sender {
        case .client: fromClient.frameRest
        case .server: fromServer.frameRest
        }
    }

    mutating func report(
        _ violation: Violation, _ sender: Sender?, in packet: PacketHeader, _ context: inout AnalysisContext
    ) {
        state.report(violation, sender, in: packet, &context)
    }

    mutating func noteTLSEnd(by sender: Sender, in packet: PacketHeader) -> Bool {
        state.arrival &+= 1
        return state.noteTLSEnd(by: sender, in: packet)
    }

    mutating func end(
        _ end: DirectionEnd, from sender: Sender, in packet: PacketHeader, _ context: inout AnalysisContext
    ) {
        let reason = end.reason
        state.arrival &+= 1
        if reason == .reset, !end.isCaptured, end.isBehindHole { note(unseen: Sides(sender)) }
        switch reason {
        case .finished, .reset:
            // A RST ends the other direction, too.
            if end.isCaptured || reason == .reset { state.note(packet) }
            guard end.isCaptured || end.isBehindHole && reason == .finished else { break }
            state.noteEnd(end, from: sender, in: packet)
        case .captureEnd, .evicted: break
        }
        switch sender {
        case .client: fromClient.end(reason, in: packet, &state, &context)
        case .server: fromServer.end(reason, in: packet, &state, &context)
        }
    }

    /// The connection is over: tells how it went.
    mutating func finish(
        _ reason: StreamEnd, from client: Endpoint, to server: Endpoint, in stream: TunnelStream? = nil,
        after goAway: GoAway? = nil, _ context: inout AnalysisContext
    ) {
        // In QUIC nothing tells whether an answer was on its way to who ends the stream.
        if stream?.transport.isOverUDP ?? false, let ender = state.ender?.sender, state.isWaiting(ender) {
            note(unseen: Sides(ender.peer))
        }
        let unseen = state.unseen
        // Of a direction that was never seen TCP tells no end.
        let seen = sides { $0.marks.contains(.hasEnded) }
        fromClient.end(reason, in: state.lastPacket, &state, &context)
        fromServer.end(reason, in: state.lastPacket, &state, &context)
        checkPings(isOver: unseen.isEmpty && (reason == .finished || reason == .reset), &context)
        let closing = state.finish(cause(reason, seen), after: goAway)
        let close = whatIsKnown(of: closing.verdict, seen, without: unseen)
        if let first = closing.firstClose, let violation = CloseCodeCheck.violation(first, close) {
            state.report(violation, nil, in: first.packet, frame: first.frame, &context)
        }
        checkClosing(closing, close, &context)
        let isOver = close.endedBy.isEnd
        let application = state.finishApplication(
            isClosed: isOver, unknown: close.isEndKnown ? Sides.both.subtracting(close.whole) : .both, &context)
        let last = state.closed
        let isClockSteady = state.lastPacket.timestamp >= state.opened
        context.summary.cuts.note(
            close, of: state.name.id, age: last.since(state.opened), at: last, context.order)
        guard context.options.observesConnections else { return }
        var (clientPings, serverPings) = (state.pings(of: .client), state.pings(of: .server))
        clientPings.areAnswersKnown = isOver && close.whole.contains(.server)
        serverPings.areAnswersKnown = isOver && close.whole.contains(.client)
        var connection = Connection(
            number: state.name.number, id: state.name.id, client: client, server: server, opened: state.opened,
            closed: last,
            duration: isClockSteady ? last.since(state.opened) : nil, close: close,
            tls: context.secure?.details,
            fromClient: fromClient.statistics, fromServer: fromServer.statistics, clientPings: clientPings,
            serverPings: serverPings)
        connection.application = application
        connection.stream = stream
        connection.pair = context.endPair(of: state.name.number, close)
        // A stream of HTTP/2 shares its connection of TCP with others.
        if stream == nil {
            connection.roundTrip =
                context.secure.map { $0.roundTrip > 0 ? Int64($0.roundTrip) : nil } ?? context.roundTrip
        }
        context.observations.append(.connection(connection))
    }

    private func sides(_ isMember: (TunnelDirection) -> Bool) -> Sides {
        (isMember(fromClient) ? Sides.client : []).union(isMember(fromServer) ? .server : [])
    }

    /// What ended TCP: where every direction that was seen had its FIN, that has, however the flow was given up.
    private func cause(_ reason: StreamEnd, _ seen: Sides) -> ConnectionClose.Cause {
        let isOver = !seen.isEmpty && sides { $0.marks.contains(.hasFinished) }.isSuperset(of: seen)
        switch reason {
        case .captureEnd, .evicted: return isOver ? .fin : ConnectionClose.Cause(reason)
        case .finished, .reset: return ConnectionClose.Cause(reason)
        }
    }

    /// The one rule of what is concluded from silence: it needs the whole direction of the peer that was silent.
    private func whatIsKnown(of verdict: ConnectionClose, _ seen: Sides, without unseen: Sides) -> ConnectionClose {
        var close = verdict
        close.whole = sides { $0.isComplete && (state.verdict.isOpeningSeen || $0.statistics.frames > 0) }.intersection(
            seen
        )
        .subtracting(unseen)
        close.isEndKnown = seen == .both && sides { $0.marks.contains(.mayHaveLostEnd) }.isEmpty
        if seen != .both { close.endedBySender = nil }
        if close.whole != .both { close.idleTime = nil }
        guard let peer = close.initiator?.peer, !close.closers.contains(peer) else { return close }
        if !close.whole.contains(peer) { close.initiator = nil }
        return close
    }

    /// Tells of pings that were not answered. A client that refuses the handshake need not answer any.
    private mutating func checkPings(isOver: Bool, _ context: inout AnalysisContext) {
        guard state.hasPinged(.client) || state.hasPinged(.server) else { return }
        state.closePings(at: state.lastPacket.timestamp, isOver: isOver)
        for sender in Sender.allCases {
            guard let ping = state.pingUnanswered(by: sender) else { continue }
            let direction = sender == .client ? fromClient : fromServer
            guard state.verdict == .valid || direction.statistics.frames > 0,
                ping.isOvertaken || direction.isBetweenFrames
            else { continue }
            state.report(
                ping.violation(by: sender), nil, in: state.lastPacket, frame: Int(ping.frame), &context)
        }
    }

    /// A client that refuses the handshake ends TCP at once, rightly: then there is nothing to judge.
    private mutating func checkClosing(
        _ closing: ClosingLog, _ close: ConnectionClose, _ context: inout AnalysisContext
    ) {
        guard close.endedBy.isEnd, state.verdict != .invalid else { return }
        let violation = ClosingCheck.violation(closing) { close.whole.contains($0) }
        if let violation { state.report(violation, nil, in: closing.endedIn ?? state.lastPacket, &context) }
    }
}

extension ConnectionClose.Cause {
    fileprivate init(_ end: StreamEnd) {
        self =
            switch end {
            case .finished: .fin
            case .reset: .rst
            case .captureEnd: .captureEnd
            case .evicted: .evicted
            }
    }
}
