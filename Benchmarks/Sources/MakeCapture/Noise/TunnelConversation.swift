/// Transport messages of a WireGuard tunnel: UDP with random bytes inside.
struct TunnelConversation: NoiseConversation {
    private let index: UInt32
    private var flow: UDPFlow
    private var counters = PerSide(client: UInt64(0), server: 0)
    private(set) var isFinished = false

    init(number: Int) {
        let client = Endpoint.client(number)
        index = UInt32(client.port)
        flow = UDPFlow(from: client, to: .server(number, port: 51_820))
    }

    /// Sends one last message.
    mutating func finish() {
        isFinished = true
    }

    mutating func step(in wire: inout Wire) {
        let side = wire.random.side()
        var message: [UInt8] = [0x04, 0x00, 0x00, 0x00]
        message.append(littleEndian: index)
        message.append(littleEndian: counters[side])
        wire.corpus.append(
            .binary, length: 16 * wire.random.next(in: 2...80), to: &message, random: &wire.random)
        counters[side] += 1
        flow.send(message, from: side, in: &wire)
    }
}
