/// Three short messages each way, and a ping of the server with its pong.
struct HeartbeatTraffic: WebSocketTraffic {
    private static let pingLength = 4

    private let payloadLengths: ClosedRange<Int>
    private var remainingMessages = 6
    private var isPingDue = true
    private var duePong: [UInt8]?

    var isFinished: Bool { remainingMessages == 0 && !isPingDue && duePong == nil }

    init(payloadLengths: ClosedRange<Int>) {
        self.payloadLengths = payloadLengths
    }

    func finish() {}

    mutating func exchange(over connection: inout TCPConnection, encoder: FrameEncoder, in wire: inout Wire) {
        var frame: [UInt8] = []
        let side: Side
        if let pong = duePong.take() {
            side = .client
            encoder.append(.pong, pong, from: side, to: &frame, in: &wire)
        } else if remainingMessages > 0 {
            side = remainingMessages % 2 == 0 ? .client : .server
            remainingMessages -= 1
            var message: [UInt8] = []
            let length = wire.random.next(in: payloadLengths)
            wire.corpus.append(.ascii, length: length, to: &message, random: &wire.random)
            encoder.append(.text, message, from: side, to: &frame, in: &wire)
        } else {
            side = .server
            isPingDue = false
            let body = wire.random.bytes(Self.pingLength)
            duePong = body
            encoder.append(.ping, body, from: side, to: &frame, in: &wire)
        }
        connection.send(frame[...], from: side, in: &wire)
        connection.acknowledge(by: side.opposite, afterSegments: 2, in: &wire)
    }
}
