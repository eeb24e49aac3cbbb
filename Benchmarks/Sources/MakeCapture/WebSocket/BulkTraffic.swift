/// Large messages both ways at once, cut into full segments wherever they end.
struct BulkTraffic: WebSocketTraffic {
    private let longestPayload: Int
    private var queues = PerSide(client: SendQueue(), server: SendQueue())
    private var isFinishing = false

    var isFinished: Bool { isFinishing && queues.client.isEmpty && queues.server.isEmpty }

    init(longestPayload: Int) {
        self.longestPayload = longestPayload
    }

    mutating func finish() {
        isFinishing = true
    }

    mutating func exchange(over connection: inout TCPConnection, encoder: FrameEncoder, in wire: inout Wire) {
        let side = wire.random.side()
        if queues[side].isEmpty, !isFinishing {
            queues[side].enqueue(frames(from: side, encoder: encoder, in: &wire), in: &wire)
        }
        queues[side].transmit(from: side, over: &connection, in: &wire)
    }

    /// A message, or two in a row, so that frames also begin in the middle of segments.
    private func frames(from side: Side, encoder: FrameEncoder, in wire: inout Wire) -> [UInt8] {
        var output: [UInt8] = []
        for _ in 0..<wire.random.next(in: 1...2) {
            let content = Content.choose(multiBytePercent: 30, random: &wire.random)
            let length = payloadLength(random: &wire.random)
            var message: [UInt8] = []
            message.reserveCapacity(length)
            wire.corpus.append(content, length: length, to: &message, random: &wire.random)
            encoder.append(content.opcode, message, from: side, to: &output, in: &wire)
        }
        return output
    }

    /// From 16 KiB to 1 MiB, each doubling as likely as the next.
    private func payloadLength(random: inout RandomSource) -> Int {
        let magnitude = 1 << random.next(in: 14...19)
        return min(longestPayload, random.next(in: magnitude...2 * magnitude))
    }
}
