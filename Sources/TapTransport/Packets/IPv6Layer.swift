import TapCore

/// IPv6 headers and their extension headers. RFC 8200 §3 and §4.
@usableFromInline
enum IPv6Layer {
    /// How many extension headers may follow each other before a packet counts as malformed.
    private static let longestChain = 16

    @usableFromInline
    static func decode(
        _ bytes: RawSpan, at offset: Int, in network: NetworkID, wireLength: Int, depth: Int
    ) -> PacketContent {
        guard bytes.byteCount >= offset + 40 else { return .other(.cutShort) }
        guard bytes.uint8(at: offset) >> 4 == 6 else { return .other(.malformed) }
        // Zero: a jumbogram (RFC 2675) or segmentation offload; the packet ends where the capture says it did.
        let stated = Int(bytes.uint16(at: offset + 4))
        let ip = IPPayload(
            network: network,
            protocolNumber: bytes.uint8(at: offset + 6),
            source: IPAddress(ipv6: bytes.uint64(at: offset + 8), bytes.uint64(at: offset + 16)),
            destination: IPAddress(ipv6: bytes.uint64(at: offset + 24), bytes.uint64(at: offset + 32)),
            offset: offset + 40,
            end: stated == 0 ? wireLength : offset + 40 + stated)
        return payload(bytes, ip, depth: depth)
    }

    /// What follows the header: extension headers, and what they lead to.
    static func payload(_ bytes: RawSpan, _ ip: IPPayload, depth: Int) -> PacketContent {
        var next = ip.protocolNumber
        var position = ip.offset
        for _ in 0...longestChain {
            switch next {
            case 0, 43, 60, 135:  // hop-by-hop options, routing, destination options, mobility
                guard bytes.byteCount >= position + 8 else { return .other(.cutShort) }
                next = bytes.uint8(at: position)
                position += 8 + Int(bytes.uint8(at: position + 1)) * 8
            case 51:  // authentication header, RFC 4302 §2.2
                guard bytes.byteCount >= position + 8 else { return .other(.cutShort) }
                next = bytes.uint8(at: position)
                position += 8 + Int(bytes.uint8(at: position + 1)) * 4
            case 44:
                guard bytes.byteCount >= position + 8 else { return .other(.cutShort) }
                let field = bytes.uint16(at: position + 2)
                next = bytes.uint8(at: position)
                position += 8
                // RFC 6946: offset zero and no more fragments is a whole packet.
                guard field & 0xFFF9 == 0 else {
                    return IPFragment.content(
                        bytes, ip.from(position, next), identification: bytes.uint32(at: position - 4),
                        offset: field & 0xFFF8, isLast: field & 1 == 0, isIPv6: true, depth: depth)
                }
            default:
                guard ip.end >= position else { return .other(.malformed) }
                return PacketDecoder.transport(bytes, ip.from(position, next), depth: depth)
            }
        }
        return .other(.malformed)
    }
}
