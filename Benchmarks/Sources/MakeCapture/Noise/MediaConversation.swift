/// A call: RTP packets of 20 milliseconds of sound each, both ways. RFC 3550 §5.1.
struct MediaConversation: NoiseConversation {
    private static let samples: UInt32 = 160

    private struct Stream {
        let source: UInt32
        var sequence: UInt16
        var timestamp: UInt32

        init(random: inout RandomSource) {
            source = UInt32(truncatingIfNeeded: random.next())
            sequence = UInt16(truncatingIfNeeded: random.next())
            timestamp = UInt32(truncatingIfNeeded: random.next())
        }
    }

    private var flow: UDPFlow
    private var streams: PerSide<Stream>
    private(set) var isFinished = false

    init(number: Int, random: inout RandomSource) {
        let port = UInt16(16_384 + 2 * (number % 1000))
        flow = UDPFlow(from: .client(number), to: .server(number, port: port))
        streams = PerSide(client: Stream(random: &random), server: Stream(random: &random))
    }

    /// Sends one last packet.
    mutating func finish() {
        isFinished = true
    }

    mutating func step(in wire: inout Wire) {
        let side = wire.random.side()
        // Version 2, and sound as the telephone has it (PCMU).
        var packet: [UInt8] = [0x80, 0x00]
        packet.append(bigEndian: streams[side].sequence)
        packet.append(bigEndian: streams[side].timestamp)
        packet.append(bigEndian: streams[side].source)
        wire.corpus.append(.binary, length: Int(Self.samples), to: &packet, random: &wire.random)
        streams[side].sequence &+= 1
        streams[side].timestamp &+= Self.samples
        flow.send(packet, from: side, in: &wire)
    }
}
