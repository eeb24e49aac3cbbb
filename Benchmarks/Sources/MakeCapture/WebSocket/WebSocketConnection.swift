/// A WebSocket connection from its first SYN to its last FIN, a few packets a step.
struct WebSocketConnection<Traffic: WebSocketTraffic>: Conversation {
    private enum State {
        case connecting
        case requesting
        case responding(OpeningHandshake)
        case open
        case closing(by: Side, body: [UInt8])
        case disconnecting
        case finished
    }

    private var connection: TCPConnection
    private var traffic: Traffic
    private let compresses: Bool
    private let encoder: FrameEncoder
    private var state = State.connecting

    var isFinished: Bool {
        if case .finished = state { true } else { false }
    }

    /// Whether it is open, and has nothing more to say.
    var isSilent: Bool {
        if case .open = state { traffic.isFinished } else { false }
    }

    init(number: Int, compresses: Bool = false, traffic: Traffic, in wire: inout Wire) {
        connection = TCPConnection(
            from: .client(number), to: .server(number, port: number % 3 == 0 ? 8080 : 80), random: &wire.random)
        self.traffic = traffic
        self.compresses = compresses
        encoder = FrameEncoder(number: number, compresses: compresses)
        wire.truth.countConnection()
    }

    /// Lets the connection close once it has sent what it has begun.
    mutating func finish() {
        traffic.finish()
    }

    mutating func step(in wire: inout Wire) {
        switch state {
        case .connecting:
            connection.open(in: &wire)
            if connection.isEstablished { state = .requesting }
        case .requesting:
            let handshake = OpeningHandshake(
                compresses: compresses, target: traffic.requestTarget, random: &wire.random)
            connection.send(handshake.request[...], from: .client, in: &wire)
            state = .responding(handshake)
        case .responding(let handshake):
            connection.acknowledge(by: .server, in: &wire)
            connection.send(handshake.response[...], from: .server, in: &wire)
            wire.truth.countHandshake()
            state = .open
        case .open where !traffic.isFinished:
            traffic.exchange(over: &connection, encoder: encoder, in: &wire)
        case .open:
            let body = Self.closeBody(random: &wire.random)
            let side = wire.random.side()
            sendClose(body, from: side, in: &wire)
            state = .closing(by: side.opposite, body: body)
        case .closing(let side, let body):
            sendClose(Array(body.prefix(2)), from: side, in: &wire)
            state = .disconnecting
        case .disconnecting:
            // The server ends the TCP connection first. RFC 6455 §7.1.1.
            connection.close(by: .server, in: &wire)
            if connection.isFinished { state = .finished }
        case .finished:
            break
        }
    }

    private mutating func sendClose(_ body: [UInt8], from side: Side, in wire: inout Wire) {
        var frame: [UInt8] = []
        encoder.append(.close, body, from: side, to: &frame, in: &wire)
        connection.send(frame[...], from: side, in: &wire)
    }

    private static func closeBody(random: inout RandomSource) -> [UInt8] {
        switch random.next(below: 3) {
        case 0: [0x03, 0xE8]
        case 1: [0x03, 0xE9] + Array("going away".utf8)
        default: [0x03, 0xE8] + Array("bye".utf8)
        }
    }
}
