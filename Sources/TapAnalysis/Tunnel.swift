import TapBytes
import TapPackets
import TapStreams
import TapWebSocket

/// One connection that has switched to WebSocket.
struct Tunnel {
    private var state: TunnelState
    private var fromClient: TunnelDirection
    private var fromServer: TunnelDirection

    init(_ handshake: Handshake, openedIn packet: PacketHeader) {
        state = TunnelState(handshake, openedIn: packet)
        let isStartKnown = handshake.verdict != .midstream
        fromClient = TunnelDirection(.client, isStartKnown: isStartKnown)
        fromServer = TunnelDirection(.server, isStartKnown: isStartKnown)
        if handshake.verdict == .unverifiable, handshake.request == nil {
            fromClient.beginWithoutRequest(in: packet, state)
        }
    }

    mutating func receive(
        _ bytes: RawSpan, from sender: Sender, in packet: PacketHeader, _ context: inout AnalysisContext
    ) {
        state.lastPacket = packet
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

    mutating func report(
        _ violation: Violation, _ sender: Sender?, in packet: PacketHeader, _ context: inout AnalysisContext
    ) {
        state.report(violation, sender, in: packet, &context)
    }

    mutating func end(
        _ reason: StreamEnd, from sender: Sender, in packet: PacketHeader, _ context: inout AnalysisContext
    ) {
        switch reason {
        case .finished, .reset:
            state.lastPacket = packet
            state.noteEnd(reason == .finished ? .fin : .rst, from: sender, in: packet)
        case .captureEnd, .evicted: break
        }
        switch sender {
        case .client: fromClient.end(reason, in: packet, &state, &context)
        case .server: fromServer.end(reason, in: packet, &state, &context)
        }
    }

    /// The connection is over: tells how it went.
    mutating func finish(
        _ reason: StreamEnd, from client: Endpoint, to server: Endpoint, _ context: inout AnalysisContext
    ) {
        fromClient.end(reason, in: state.lastPacket, &state, &context)
        fromServer.end(reason, in: state.lastPacket, &state, &context)
        checkPings(isOver: reason == .finished || reason == .reset, &context)
        let closing = state.finish(ConnectionClose.Cause(reason))
        checkClosing(closing, reason, &context)
        let last = max(state.opened, state.lastPacket.timestamp)
        let isClockSteady = state.lastPacket.timestamp >= state.opened
        context.summary.cuts.note(closing.verdict, age: last.since(state.opened), at: last, context.order)
        guard context.options.observesConnections else { return }
        context.observations.append(
            .connection(
                Connection(
                    number: state.number, client: client, server: server, opened: state.opened, closed: last,
                    duration: isClockSteady ? last.since(state.opened) : nil, close: closing.verdict,
                    fromClient: fromClient.statistics, fromServer: fromServer.statistics,
                    clientPings: state.pings(of: .client), serverPings: state.pings(of: .server))))
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
        _ closing: ClosingLog, _ reason: StreamEnd, _ context: inout AnalysisContext
    ) {
        guard reason == .finished || reason == .reset, state.verdict != .invalid else { return }
        let isEachSideSeen =
            state.verdict == .valid || fromClient.statistics.frames > 0 && fromServer.statistics.frames > 0
        let violation = ClosingCheck.violation(closing) { sender in
            isEachSideSeen && (sender == .client ? fromClient : fromServer).isComplete
        }
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
