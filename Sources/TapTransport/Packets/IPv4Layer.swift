import TapCore

/// IPv4 headers with options. RFC 791 §3.1.
@usableFromInline
enum IPv4Layer {
    @inlinable
    @inline(__always)
    static func decode(
        _ bytes: RawSpan, at offset: Int, in network: NetworkID, wireLength: Int, depth: Int
    ) -> PacketContent {
        guard bytes.byteCount >= offset + 20 else { return .other(.cutShort) }
        // By words: to look at each field by itself would mean as many checks of bounds.
        let (start, middle) = (bytes.uint64(at: offset), bytes.uint64(at: offset + 8))
        let headerLength = Int(start >> 56 & 0x0F) * 4
        guard start >> 60 == 4, headerLength >= 20 else { return .other(.malformed) }
        // Segmentation offload leaves the total length at zero: then the packet ends where the capture says it did.
        let stated = Int(start >> 32 & 0xFFFF)
        let totalLength = stated == 0 ? wireLength - offset : stated
        guard totalLength >= headerLength else { return .other(.malformed) }
        let ip = IPPayload(
            network: network,
            protocolNumber: UInt8(truncatingIfNeeded: middle >> 48),
            source: IPAddress(ipv4: UInt32(truncatingIfNeeded: middle)),
            destination: IPAddress(ipv4: bytes.uint32(at: offset + 16)),
            offset: offset + headerLength,
            end: offset + totalLength)
        // More fragments, or a fragment offset.
        guard start & 0x3FFF == 0 else { return fragment(bytes, ip, at: offset, depth: depth) }
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
