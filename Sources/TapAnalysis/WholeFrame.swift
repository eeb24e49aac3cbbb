import TapBytes
import TapWebSocket

/// A message in a single frame that lies whole in the bytes at hand: nearly all of real traffic, so it has a short way.
struct WholeFrame {
    let header: FrameHeader
    /// Where its payload lies in the bytes at hand.
    let payload: Range<Int>

    /// Reads one at `offset`, or answers `nil` where anything about it is not ordinary.
    @inline(__always)
    init?(_ bytes: RawSpan, at offset: Int, from sender: Sender) {
        // FIN set, no reserved bits, and text or binary.
        guard offset < bytes.byteCount, bytes.uint8(at: offset) == 0x81 || bytes.uint8(at: offset) == 0x82,
            let header = FrameHeader(bytes, at: offset), header.isMasked == (sender == .client),
            header.isLengthMinimal, header.payloadLength <= UInt64(bytes.byteCount - offset - header.length)
        else { return nil }
        self.header = header
        let start = offset + header.length
        payload = start..<start + Int(header.payloadLength)
    }
}
