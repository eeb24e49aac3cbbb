import TapCore

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
        let known = [UInt8](bytes.upTo(32))
        var reader = IntegerReader(known)
        guard reader.next() == HTTP3Frame.data, let payload = reader.next(), reader.offset + 2 <= known.count else {
            return nil
        }
        let start = reader.offset
        let (first, second) = (known[start], known[start + 1])
        // RFC 6455 §5.2: the reserved bits but that of compression, and the opcodes that are known.
        guard first & 0x30 == 0, [0, 1, 2, 8, 9, 10].contains(first & 0x0F) else { return nil }
        var (length, header) = (UInt64(second & 0x7F), 2)
        if length >= 126 {
            header = length == 126 ? 4 : 10
            guard start + header <= known.count else { return nil }
            length = known[start + 2..<start + header].reduce(0) { $0 << 8 | UInt64($1) }
        }
        let mask: UInt64 = second & 0x80 != 0 ? 4 : 0
        guard length <= 1 << 62, UInt64(header) + mask + length == payload else { return nil }
        return (UInt64(start), payload)
    }
}
