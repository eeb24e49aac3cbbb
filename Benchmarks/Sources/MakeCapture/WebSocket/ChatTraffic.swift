/// Small messages both ways, one to three a segment, with now and then a ping, a swap or a retransmission.
struct ChatTraffic: WebSocketTraffic {
    private let payloadLengths: ClosedRange<Int>
    private var dueReplies = PerSide<[UInt8]?>(client: nil, server: nil)
    private var isFinishing = false

    var isFinished: Bool { isFinishing && dueReplies.client == nil && dueReplies.server == nil }

    init(payloadLengths: ClosedRange<Int>) {
        self.payloadLengths = payloadLengths
    }

    mutating func finish() {
        isFinishing = true
    }

    mutating func exchange(over connection: inout TCPConnection, encoder: FrameEncoder, in wire: inout Wire) {
        if isFinishing {
            answerPings(over: &connection, encoder: encoder, in: &wire)
            return
        }
        let side = wire.random.side()
        switch wire.random.next(below: 1000) {
        case 0:
            sendSwapped(from: side, over: &connection, encoder: encoder, in: &wire)
        case 1:
            sendTwice(from: side, over: &connection, encoder: encoder, in: &wire)
        default:
            connection.send(frames(from: side, encoder: encoder, in: &wire)[...], from: side, in: &wire)
        }
        let threshold = wire.random.chance(percent: 50) ? 1 : 2
        connection.acknowledge(by: side.opposite, afterSegments: threshold, in: &wire)
    }

    private mutating func sendSwapped(
        from side: Side, over connection: inout TCPConnection, encoder: FrameEncoder, in wire: inout Wire
    ) {
        let earlier = frames(from: side, encoder: encoder, in: &wire)
        let later = frames(from: side, encoder: encoder, in: &wire)
        let earlierSegment = connection.segment(carrying: earlier.count, from: side, at: wire.milliseconds)
        let laterSegment = connection.segment(carrying: later.count, from: side, at: wire.milliseconds)
        wire.transmit(laterSegment, payload: later[...])
        wire.transmit(earlierSegment, payload: earlier[...])
    }

    private mutating func sendTwice(
        from side: Side, over connection: inout TCPConnection, encoder: FrameEncoder, in wire: inout Wire
    ) {
        let payload = frames(from: side, encoder: encoder, in: &wire)
        let segment = connection.segment(carrying: payload.count, from: side, at: wire.milliseconds)
        wire.transmit(segment, payload: payload[...])
        wire.transmit(segment, payload: payload[...])
    }

    /// The payload of the next segment of a side; it begins with the answer to a ping when one is due.
    private mutating func frames(from side: Side, encoder: FrameEncoder, in wire: inout Wire) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(TCPSegment.longestPayload)
        if let reply = dueReplies[side].take() {
            encoder.append(.pong, reply, from: side, to: &output, in: &wire)
        }
        if dueReplies[side.opposite] == nil, wire.random.chance(percent: 1) {
            let body = wire.random.bytes(wire.random.next(in: 4...16))
            encoder.append(.ping, body, from: side, to: &output, in: &wire)
            dueReplies[side.opposite] = body
        }
        for _ in 0..<wire.random.next(in: 1...3) {
            encoder.appendMessage(of: payloadLengths, from: side, to: &output, in: &wire)
        }
        return output
    }

    private mutating func answerPings(
        over connection: inout TCPConnection, encoder: FrameEncoder, in wire: inout Wire
    ) {
        for side in [Side.client, .server] {
            guard let reply = dueReplies[side].take() else { continue }
            var frame: [UInt8] = []
            encoder.append(.pong, reply, from: side, to: &frame, in: &wire)
            connection.send(frame[...], from: side, in: &wire)
        }
    }
}
