/// Writes the frames of one connection, and counts them.
struct FrameEncoder {
    private let deflaters: PerSide<Deflater>?
    /// The connection's number, from 0.
    private let number: Int

    init(number: Int, compresses: Bool) {
        self.number = number
        deflaters = compresses ? PerSide(client: Deflater(), server: Deflater()) : nil
    }

    /// Appends a message of random content and length, as people write: one in seven is not all ASCII, one in ten binary.
    func appendMessage(
        of lengths: ClosedRange<Int>, from side: Side, to output: inout [UInt8], in wire: inout Wire
    ) {
        let content = Content.choose(multiBytePercent: 15, random: &wire.random)
        let length = wire.random.next(in: lengths)
        var message: [UInt8] = []
        message.reserveCapacity(length)
        wire.corpus.append(content, length: length, to: &message, random: &wire.random)
        append(content.opcode, message, from: side, to: &output, in: &wire)
    }

    /// Appends an unfragmented frame, masked when the client sends it. RFC 6455 §5.2.
    func append(_ opcode: Opcode, _ message: [UInt8], from side: Side, to output: inout [UInt8], in wire: inout Wire) {
        let deflater = opcode.isControl ? nil : deflaters?[side]
        let payload = deflater?.compress(message) ?? message
        let compressionBit: UInt8 = deflater == nil ? 0 : 0x40
        if deflater != nil { wire.messages?.append(payload, from: 2 * number + (side == .client ? 0 : 1)) }
        output.append(0x80 | compressionBit | opcode.rawValue)

        let maskBit: UInt8 = side == .client ? 0x80 : 0
        switch payload.count {
        case ...125:
            output.append(maskBit | UInt8(payload.count))
        case ...0xFFFF:
            output.append(maskBit | 126)
            output.append(bigEndian: UInt16(payload.count))
        default:
            output.append(maskBit | 127)
            output.append(bigEndian: UInt64(payload.count))
        }

        switch side {
        case .client:
            let key = UInt32(truncatingIfNeeded: wire.random.next())
            output.append(bigEndian: key)
            output.append(payload, maskedWith: key)
        case .server:
            output.append(contentsOf: payload)
        }
        wire.truth.countFrame(opcode, from: side, payloadLength: payload.count, messageLength: message.count)
    }
}
