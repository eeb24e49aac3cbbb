/// Large messages both ways at once, cut into full segments wherever they end.
struct BulkTraffic: WebSocketTraffic {
    private let shortestPayload: Int
    private let longestPayload: Int
    /// The powers of two that lengths start from, as exponents.
    private let magnitudes: ClosedRange<Int>
    private var queues = PerSide(client: SendQueue(), server: SendQueue())
    private var isFinishing = false

    var isFinished: Bool { isFinishing && queues.client.isEmpty && queues.server.isEmpty }

    /// - Parameter longestPayload: what takes the place of a length that is longer.
    init(payloadLengths: ClosedRange<Int>, longestPayload: Int) {
        shortestPayload = payloadLengths.lowerBound
        self.longestPayload = longestPayload
        let least = payloadLengths.lowerBound.exponent
        magnitudes = least...max(least, (payloadLengths.upperBound - 1).exponent)
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

    /// Each doubling is as likely as the next.
    private func payloadLength(random: inout RandomSource) -> Int {
        let magnitude = 1 << random.next(in: magnitudes)
        return max(shortestPayload, min(longestPayload, random.next(in: magnitude...2 * magnitude)))
    }
}

extension Int {
    /// The largest power of two that is no more than a positive number, as an exponent; 0 for zero.
    fileprivate var exponent: Int { self > 0 ? Int.bitWidth - 1 - leadingZeroBitCount : 0 }
}
