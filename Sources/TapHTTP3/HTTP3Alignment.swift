import TapCore
import TapWebSocket

/// Where frames of HTTP/3 go on behind a hole: QUIC gives bytes as they were sent, and senders mostly begin a frame where they begin to
/// send. What is found is a frame of data that holds one frame of WebSocket exactly: their lengths agree, and so do their kinds.
enum HTTP3Alignment {
    /// Lengths that agree in so many bits are no chance.
    private static let certainLength: UInt64 = 126

    /// Whether such a frame begins here, and what follows it agrees, too.
    static func begins(_ bytes: RawSpan) -> Bool {
        var offset = 0
        while offset < bytes.byteCount {
            guard let length = frameLength(bytes.from(offset)) else { return false }
            let end = UInt64(offset) + length.header + length.payload
            if end > UInt64(bytes.byteCount) { return length.payload > certainLength }
            offset = Int(end)
        }
        return bytes.byteCount > 0
    }

    /// How long a frame of data is whose payload is one frame of WebSocket, in bytes.
    private static func frameLength(_ bytes: RawSpan) -> (header: UInt64, payload: UInt64)? {
        var reader = ByteReader(bytes)
        guard reader.quicInteger() == HTTP3Frame.data, let payload = reader.quicInteger(),
            let header = FrameHeader(bytes, at: reader.offset)
        else { return nil }
        // RFC 6455 §5.2: the reserved bits but that of compression, and the opcodes that are known.
        guard header.reservedBits & 0x3 == 0, !header.opcode.isReserved, header.isLengthPossible,
            UInt64(header.length) + header.payloadLength == payload
        else { return nil }
        return (UInt64(reader.offset), payload)
    }
}
