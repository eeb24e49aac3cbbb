/// One message of the client and one of the server.
struct BriefTraffic: WebSocketTraffic {
    private var remainingSides = [Side.server, .client]

    var isFinished: Bool { remainingSides.isEmpty }

    func finish() {}

    mutating func exchange(over connection: inout TCPConnection, encoder: FrameEncoder, in wire: inout Wire) {
        guard let side = remainingSides.popLast() else { return }
        var message: [UInt8] = []
        wire.corpus.append(.ascii, length: wire.random.next(in: 14...560), to: &message, random: &wire.random)
        var frame: [UInt8] = []
        encoder.append(.text, message, from: side, to: &frame, in: &wire)
        connection.send(frame[...], from: side, in: &wire)
        connection.acknowledge(by: side.opposite, in: &wire)
    }
}
