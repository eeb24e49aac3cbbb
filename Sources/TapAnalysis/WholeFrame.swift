import TapCore
import TapWebSocket

/// A message in a single frame that lies whole in the bytes at hand: nearly all of real traffic, so it has a fast path.
struct WholeFrame {
    let header: FrameHeader
    /// Where its payload lies in the bytes at hand.
    let payload: Range<Int>

    /// Reads one at `offset`, or answers `nil` where anything about it is not ordinary.
    /// - Parameter mayBeCompressed: whether RSV1 says that permessage-deflate has compressed it.
    @inline(__always)
    init?(_ bytes: RawSpan, at offset: Int, from sender: Sender, mayBeCompressed: Bool) {
        guard offset < bytes.byteCount else { return nil }
        // FIN set, text or binary, and no reserved bits but RSV1.
        let first = bytes.uint8(at: offset) & (mayBeCompressed ? 0xBF : 0xFF)
        guard first == 0x81 || first == 0x82, let header = FrameHeader(bytes, at: offset),
            header.isMasked == (sender == .client),
            header.isLengthMinimal, header.payloadLength <= UInt64(bytes.byteCount - offset - header.length)
        else { return nil }
        self.header = header
        let start = offset + header.length
        payload = start..<start + Int(header.payloadLength)
    }
}
