import TapCore

/// What an IP packet carries that is not TCP: another packet, where a tunnel is read, or nothing for us.
@usableFromInline
enum TunnelLayer {
    /// How many IP headers may lie in each other before a packet counts as malformed.
    static let deepestNesting = 8

    /// Added to the depth of nesting where datagrams of any kind are wanted: so nobody pays for it who does not ask.
    static let datagramDepth = 1 << 16

    /// - Parameter depth: how many IP headers lie before that of `ip`.
    @usableFromInline
    static func decode(_ bytes: RawSpan, _ ip: IPPayload, depth: Int) -> PacketContent {
        switch ip.protocolNumber {
        case 4: inner(bytes, .ipv4(at: ip.offset), in: ip, end: ip.end, depth: depth)  // RFC 2003, RFC 2473
        case 41: inner(bytes, .ipv6(at: ip.offset), in: ip, end: ip.end, depth: depth)  // RFC 4213 §3, RFC 2473
        case 51: authenticated(bytes, ip, depth: depth)
        case 47: gre(bytes, ip, depth: depth)
        case 97: ethernet(bytes, ip, depth: depth)
        case 137: inner(bytes, MPLSLayer.decode(bytes, at: ip.offset), in: ip, end: ip.end, depth: depth)  // RFC 4023
        case 17: udp(bytes, ip, depth: depth)
        case 1, 58: .other(.icmp)
        case 132: .other(.sctp)
        default: .other(.otherIP)
        }
    }

    /// An authentication header, RFC 4302 §2: the next protocol, and its own length in words of four bytes less two.
    /// What it protects is not encrypted.
    private static func authenticated(_ bytes: RawSpan, _ ip: IPPayload, depth: Int) -> PacketContent {
        guard ip.end >= ip.offset + 12 else { return .other(.malformed) }
        guard bytes.byteCount >= ip.offset + 2 else { return .other(.cutShort) }
        let start = ip.offset + (Int(bytes.uint8(at: ip.offset + 1)) + 2) * 4
        let next = bytes.uint8(at: ip.offset)
        // A second one would be refused by any receiver; and a chain of them has no end but this.
        guard start <= ip.end, next != 51 else { return .other(.malformed) }
        return PacketDecoder.transport(bytes, ip.from(start, next), depth: depth)
    }

    private static func gre(_ bytes: RawSpan, _ ip: IPPayload, depth: Int) -> PacketContent {
        switch GRELayer.decode(bytes, at: ip.offset, end: ip.end) {
        case .other(.otherNetwork): .other(.otherIP)
        case let network: inner(bytes, network, in: ip, end: ip.end, depth: depth)
        }
    }

    /// Version 3, reserved bits, and a frame. RFC 3378 §3.
    private static func ethernet(_ bytes: RawSpan, _ ip: IPPayload, depth: Int) -> PacketContent {
        guard ip.end >= ip.offset + 2 else { return .other(.malformed) }
        guard bytes.byteCount >= ip.offset + 2 else { return .other(.cutShort) }
        guard bytes.uint8(at: ip.offset) >> 4 == 3 else { return .other(.otherIP) }
        return inner(bytes, LinkLayer.etherType(in: bytes, at: ip.offset + 14), in: ip, end: ip.end, depth: depth)
    }

    /// Ports prove nothing: a datagram counts as a tunnel only where it leads to a segment, or to a part of one.
    private static func udp(_ bytes: RawSpan, _ ip: IPPayload, depth: Int) -> PacketContent {
        guard let tunnel = UDPTunnel(bytes, ip), let (network, end) = tunnel.decode(bytes, ip) else {
            // Most of what it is not is told by one byte.
            return QUICHeader.mayBeLong(bytes, at: ip.offset + 8) || depth >= datagramDepth
                ? datagram(bytes, ip, depth: depth) : .other(.udp)
        }
        switch inner(bytes, network, in: ip, end: end, depth: depth) {
        case .tcp(let segment): return .tcp(segment)
        case .fragment(let fragment): return .fragment(fragment)
        case .quic(let key): return .quic(key)
        case .other: return datagram(bytes, ip, depth: depth)
        }
    }

    /// A datagram that is no tunnel.
    @inline(never)
    private static func datagram(_ bytes: RawSpan, _ ip: IPPayload, depth: Int) -> PacketContent {
        let (start, captured) = (ip.offset + 8, min(ip.end, bytes.byteCount))
        let isAsked = depth >= datagramDepth
        guard isAsked && start < captured || QUICHeader.isLong(bytes, at: start, end: captured) else {
            return .other(.udp)
        }
        let ports = bytes.uint32(at: ip.offset)
        let source = Endpoint(address: ip.source, port: UInt16(truncatingIfNeeded: ports >> 16))
        let destination = Endpoint(address: ip.destination, port: UInt16(truncatingIfNeeded: ports))
        guard isAsked else { return .quic(FlowKey(source, destination)) }
        // Segmentation offload may leave the length at zero.
        let length = Int(bytes.uint16(at: ip.offset + 4))
        let end = length < 8 ? captured : min(captured, ip.offset + length)
        // In the place of a segment: content with one case more would cost each packet more.
        return .tcp(
            TCPSegment(
                network: ip.network, source: source, destination: destination, sequenceNumber: SequenceNumber(0),
                acknowledgmentNumber: SequenceNumber(0), flags: [], payload: start..<max(start, end),
                payloadLength: max(0, end - start)))
    }

    /// The packet in a packet; it has to end where the outer one does, or before.
    private static func inner(
        _ bytes: RawSpan, _ network: LinkLayer.NetworkLayer, in outer: IPPayload, end: Int, depth: Int
    ) -> PacketContent {
        guard depth & (datagramDepth - 1) + 1 < deepestNesting else { return .other(.malformed) }
        switch network.inside(outer.network) {
        case .ipv4(let offset, let network):
            guard offset + 20 <= end else { return .other(.malformed) }
            guard bytes.byteCount >= offset + 4 else { return .other(.cutShort) }
            guard offset + Int(bytes.uint16(at: offset + 2)) <= end else { return .other(.malformed) }
            return IPv4Layer.decode(bytes, at: offset, in: network, wireLength: end, depth: depth + 1)
        case .ipv6(let offset, let network):
            guard offset + 40 <= end else { return .other(.malformed) }
            guard bytes.byteCount >= offset + 6 else { return .other(.cutShort) }
            guard offset + 40 + Int(bytes.uint16(at: offset + 4)) <= end else { return .other(.malformed) }
            return IPv6Layer.decode(bytes, at: offset, in: network, wireLength: end, depth: depth + 1)
        case .other(let kind): return .other(kind)
        }
    }
}
