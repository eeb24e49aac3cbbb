import TapBytes

/// IPv4 headers with options. RFC 791 §3.1.
@usableFromInline
enum IPv4Layer {
    @inlinable
    @inline(__always)
    static func decode(_ bytes: RawSpan, at offset: Int, wireLength: Int, depth: Int) -> PacketContent {
        guard bytes.byteCount >= offset + 20 else { return .other(.cutShort) }
        let versionAndLength = bytes.uint8(at: offset)
        let headerLength = Int(versionAndLength & 0x0F) * 4
        guard versionAndLength >> 4 == 4, headerLength >= 20 else { return .other(.malformed) }
        // Segmentation offload leaves the total length at zero: then the packet ends where the capture says it did.
        let stated = Int(bytes.uint16(at: offset + 2))
        let totalLength = stated == 0 ? wireLength - offset : stated
        guard totalLength >= headerLength else { return .other(.malformed) }
        // More fragments, or a fragment offset.
        guard bytes.uint16(at: offset + 6) & 0x3FFF == 0 else { return .other(.fragment) }
        return PacketDecoder.transport(
            bytes,
            IPPayload(
                protocolNumber: bytes.uint8(at: offset + 9),
                source: IPAddress(ipv4: bytes.uint32(at: offset + 12)),
                destination: IPAddress(ipv4: bytes.uint32(at: offset + 16)),
                offset: offset + headerLength,
                end: offset + totalLength),
            depth: depth)
    }
}
