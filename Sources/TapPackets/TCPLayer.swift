import TapBytes

/// TCP headers. RFC 9293 §3.1. Checksums are not looked at: offloading leaves them wrong in most captures of one's own machine.
@usableFromInline
enum TCPLayer {
    /// Longer than any offloading makes a segment; only a false packet length of a capture is longer.
    @inlinable static var longestPayload: Int { 1 << 24 }

    @inlinable
    @inline(__always)
    static func decode(_ bytes: RawSpan, _ ip: IPPayload) -> PacketContent {
        guard ip.end - ip.offset >= 20 else { return .other(.malformed) }
        guard bytes.byteCount >= ip.offset + 20 else { return .other(.cutShort) }
        let headerLength = Int(bytes.uint8(at: ip.offset + 12) >> 4) * 4
        let start = ip.offset + headerLength
        guard headerLength >= 20, start <= ip.end, ip.end - start <= longestPayload else { return .other(.malformed) }
        let capturedEnd = min(ip.end, bytes.byteCount)
        return .tcp(
            TCPSegment(
                network: ip.network,
                source: Endpoint(address: ip.source, port: bytes.uint16(at: ip.offset)),
                destination: Endpoint(address: ip.destination, port: bytes.uint16(at: ip.offset + 2)),
                sequenceNumber: SequenceNumber(bytes.uint32(at: ip.offset + 4)),
                acknowledgmentNumber: SequenceNumber(bytes.uint32(at: ip.offset + 8)),
                flags: TCPFlags(rawValue: bytes.uint8(at: ip.offset + 13)),
                payload: min(start, capturedEnd)..<capturedEnd,
                payloadLength: ip.end - start))
    }
}
