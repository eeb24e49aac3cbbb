import TapCore

/// TCP headers. RFC 9293 §3.1. Whether a checksum is to be believed cannot be told from one packet: see ``TCPChecksum``.
@usableFromInline
enum TCPLayer {
    /// Longer than any offloading makes a segment; only a false packet length of a capture is longer.
    @inlinable static var longestPayload: Int { 1 << 24 }

    @inlinable
    @inline(__always)
    static func decode(_ bytes: RawSpan, _ ip: IPPayload) -> PacketContent {
        guard ip.end - ip.offset >= 20 else { return .other(.malformed) }
        guard bytes.byteCount >= ip.offset + 20 else { return .other(.cutShort) }
        // By words: to look at each field by itself would mean as many checks of bounds.
        let (first, second) = (bytes.uint64(at: ip.offset), bytes.uint64(at: ip.offset + 8))
        let headerLength = Int(second >> 28 & 0xF) * 4
        let start = ip.offset + headerLength
        guard headerLength >= 20, start <= ip.end, ip.end - start <= longestPayload else { return .other(.malformed) }
        let capturedEnd = min(ip.end, bytes.byteCount)
        let flags = TCPFlags(rawValue: UInt8(truncatingIfNeeded: second >> 16))
        return .tcp(
            TCPSegment(
                network: ip.network,
                source: Endpoint(address: ip.source, port: UInt16(truncatingIfNeeded: first >> 48)),
                destination: Endpoint(address: ip.destination, port: UInt16(truncatingIfNeeded: first >> 32)),
                sequenceNumber: SequenceNumber(UInt32(truncatingIfNeeded: first)),
                acknowledgmentNumber: SequenceNumber(UInt32(truncatingIfNeeded: second >> 32)),
                flags: flags,
                payload: min(start, capturedEnd)..<capturedEnd,
                payloadLength: ip.end - start,
                headerStart: ip.offset,
                window: UInt16(truncatingIfNeeded: second),
                windowScale: flags.contains(.syn) ? windowScale(bytes, ip.offset + 20..<min(start, capturedEnd)) : nil))
    }

    /// The window scale among a SYN's options. RFC 9293 §3.2, RFC 7323 §2.2.
    @usableFromInline
    static func windowScale(_ bytes: RawSpan, _ options: Range<Int>) -> UInt8? {
        var place = options.lowerBound
        while place + 2 < options.upperBound {
            switch bytes.uint8(at: place) {
            case 0: return nil
            case 1: place += 1
            case 3: return bytes.uint8(at: place + 1) == 3 ? bytes.uint8(at: place + 2) : nil
            case _: place += max(2, Int(bytes.uint8(at: place + 1)))
            }
        }
        return nil
    }
}
