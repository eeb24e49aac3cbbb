import TapBytes
import TapPackets
import TapStreams
import TapWebSocket

/// One connection that has switched to WebSocket.
struct Tunnel {
    private let client: Endpoint
    private let server: Endpoint
    private let opened: Timestamp
    private var state: TunnelState
    private var fromClient: TunnelDirection
    private var fromServer: TunnelDirection

    init(
        number: Int, client: Endpoint, server: Endpoint, openedIn packet: PacketHeader, isStartKnown: Bool,
        allowedBits: UInt8?
    ) {
        self.client = client
        self.server = server
        opened = packet.timestamp
        fromClient = TunnelDirection(.client, isStartKnown: isStartKnown)
        fromServer = TunnelDirection(.server, isStartKnown: isStartKnown)
        state = TunnelState(number: number, allowedBits: allowedBits, openedIn: packet)
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

    mutating func end(
        _ reason: StreamEnd, from sender: Sender, in packet: PacketHeader, _ context: inout AnalysisContext
    ) {
        switch reason {
        case .finished, .reset:
            state.lastPacket = packet
            if state.close.initiator == nil { state.close.initiator = sender }
        case .captureEnd, .evicted: break
        }
        switch sender {
        case .client: fromClient.abandonFrame(&state, &context)
        case .server: fromServer.abandonFrame(&state, &context)
        }
    }

    /// The connection is over: tells how it went.
    mutating func finish(_ reason: StreamEnd, _ context: inout AnalysisContext) {
        fromClient.abandonFrame(&state, &context)
        fromServer.abandonFrame(&state, &context)
        state.close.isClean = fromClient.hasSentClose && fromServer.hasSentClose
        state.close.endedBy =
            switch reason {
            case .finished: .fin
            case .reset: .rst
            case .captureEnd: .captureEnd
            case .evicted: .evicted
            }
        context.observations.append(
            .connection(
                Connection(
                    number: state.number, client: client, server: server, opened: opened,
                    closed: state.lastPacket.timestamp, close: state.close, fromClient: fromClient.statistics,
                    fromServer: fromServer.statistics)))
    }
}
