/// Transport messages of a WireGuard tunnel: UDP with random bytes inside.
struct TunnelConversation: Conversation {
    private let client: Endpoint
    private let server: Endpoint
    private var counters = PerSide(client: UInt64(0), server: 0)
    private var isFinishing = false

    var isFinished: Bool { isFinishing }

    init(number: Int) {
        client = .client(number)
        server = .server(number, port: 51_820)
    }

    /// Sends one last message.
    mutating func finish() {
        isFinishing = true
    }

    mutating func step(in wire: inout Wire) {
        let side = wire.random.side()
        let counter = counters[side]
        counters[side] += 1
        var message: [UInt8] = [0x04, 0x00, 0x00, 0x00]
        message.append(littleEndian: UInt32(client.port))
        message.append(littleEndian: counter)
        wire.corpus.append(
            .binary, length: 16 * wire.random.next(in: 2...80), to: &message, random: &wire.random)
        let datagram = UDPDatagram(
            source: side == .client ? client : server,
            destination: side == .client ? server : client,
            identification: UInt16(truncatingIfNeeded: counter)
        )
        wire.transmit(datagram, payload: message)
    }
}
