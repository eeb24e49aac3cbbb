import TapBytes

/// IPv4 headers with options. RFC 791 §3.1.
@usableFromInline
enum IPv4Layer {
    @inlinable
    @inline(__always)
    static func decode(
        _ bytes: RawSpan, at offset: Int, in network: NetworkID, wireLength: Int, depth: Int
    ) -> PacketContent {
        guard bytes.byteCount >= offset + 20 else { return .other(.cutShort) }
        let versionAndLength = bytes.uint8(at: offset)
        let headerLength = Int(versionAndLength & 0x0F) * 4
        guard versionAndLength >> 4 == 4, headerLength >= 20 else { return .other(.malformed) }
        // Segmentation offload leaves the total length at zero: then the packet ends where the capture says it did.
        let stated = Int(bytes.uint16(at: offset + 2))
        let totalLength = stated == 0 ? wireLength - offset : stated
        guard totalLength >= headerLength else { return .other(.malformed) }
        let ip = IPPayload(
            network: network,
            protocolNumber: bytes.uint8(at: offset + 9),
            source: IPAddress(ipv4: bytes.uint32(at: offset + 12)),
            destination: IPAddress(ipv4: bytes.uint32(at: offset + 16)),
            offset: offset + headerLength,
            end: offset + totalLength)
        // More fragments, or a fragment offset.
        guard bytes.uint16(at: offset + 6) & 0x3FFF == 0 else { return fragment(bytes, ip, at: offset, depth: depth) }
        return PacketDecoder.transport(bytes, ip, depth: depth)
    }

    @usableFromInline
    static func fragment(_ bytes: RawSpan, _ ip: IPPayload, at offset: Int, depth: Int) -> PacketContent {
        let field = bytes.uint16(at: offset + 6)
        return IPFragment.content(
            bytes, ip, identification: UInt32(bytes.uint16(at: offset + 4)), offset: field << 3,
            isLast: field & 0x2000 == 0, isIPv6: false, depth: depth)
    }
}
