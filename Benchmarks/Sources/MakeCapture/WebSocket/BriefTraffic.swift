/// One message of the client and one of the server.
struct BriefTraffic: WebSocketTraffic {
    private let payloadLengths: ClosedRange<Int>
    private var remainingSides = [Side.server, .client]

    var isFinished: Bool { remainingSides.isEmpty }

    init(payloadLengths: ClosedRange<Int>) {
        self.payloadLengths = payloadLengths
    }

    func finish() {}

    mutating func exchange(over connection: inout TCPConnection, encoder: FrameEncoder, in wire: inout Wire) {
        guard let side = remainingSides.popLast() else { return }
        var message: [UInt8] = []
        wire.corpus.append(.ascii, length: wire.random.next(in: payloadLengths), to: &message, random: &wire.random)
        var frame: [UInt8] = []
        encoder.append(.text, message, from: side, to: &frame, in: &wire)
        connection.send(frame[...], from: side, in: &wire)
        connection.acknowledge(by: side.opposite, in: &wire)
    }
}
