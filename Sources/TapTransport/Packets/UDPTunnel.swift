import TapCore

/// The tunnels that are known by the UDP port to which they are sent: VXLAN (RFC 7348), Geneve (RFC 8926) and GTP-U
/// (3GPP TS 29.281).
enum UDPTunnel: UInt16 {
    case vxlan = 4789
    /// Linux's port, from before there was the other.
    case earlierVXLAN = 8472
    case geneve = 6081
    case gtp = 2152

    /// The tunnel to whose port a datagram is sent.
    @inline(__always)
    init?(_ bytes: RawSpan, _ ip: IPPayload) {
        guard bytes.byteCount >= ip.offset + 16 else { return nil }
        self.init(rawValue: bytes.uint16(at: ip.offset + 2))
    }

    /// The packet in a datagram and where the datagram ends on the wire; `nil` where it is no tunnel that is read.
    @inline(never)
    func decode(_ bytes: RawSpan, _ ip: IPPayload) -> (network: LinkLayer.NetworkLayer, end: Int)? {
        let length = Int(bytes.uint16(at: ip.offset + 4))
        // Segmentation offload may leave the length at zero.
        let end = length == 0 ? ip.end : ip.offset + length
        guard end <= ip.end, end >= ip.offset + 16 else { return nil }
        let start = ip.offset + 8
        let network: LinkLayer.NetworkLayer? =
            switch self {
            case .vxlan, .earlierVXLAN: UDPTunnel.vxlan(bytes, at: start)
            case .geneve: UDPTunnel.geneve(bytes, at: start)
            case .gtp: UDPTunnel.gtp(bytes, at: start, end: end)
            }
        return network.map { ($0, end) }
    }

    /// RFC 7348 §5: a flag says that a network is named; all other bits are reserved, and ignored on receipt. Others use them, as
    /// for a group policy.
    private static func vxlan(_ bytes: RawSpan, at offset: Int) -> LinkLayer.NetworkLayer? {
        guard bytes.uint8(at: offset) & 0x08 != 0 else { return nil }
        return LinkLayer.etherType(in: bytes, at: offset + 8 + 12).inside(.virtual(bytes.uint32(at: offset + 4)))
    }

    /// RFC 8926 §3.4: version 0, options in words of four bytes, no control message; reserved bits are ignored on receipt.
    private static func geneve(_ bytes: RawSpan, at offset: Int) -> LinkLayer.NetworkLayer? {
        let (lengths, flags) = (bytes.uint8(at: offset), bytes.uint8(at: offset + 1))
        guard lengths >> 6 == 0, flags & 0x80 == 0 else { return nil }
        let start = offset + 8 + Int(lengths & 0x3F) * 4
        let network = NetworkID.virtual(bytes.uint32(at: offset + 4))
        let etherType = bytes.uint16(at: offset + 2)
        guard etherType != 0x6558 else { return LinkLayer.etherType(in: bytes, at: start + 12).inside(network) }
        guard etherType >= 0x0600 else { return nil }
        return LinkLayer.network(bytes, etherType: etherType, at: start).inside(network)
    }

    /// TS 29.281 §5: version 1, protocol type GTP, and a message of type 255 that carries a packet; a spare bit is not evaluated.
    private static func gtp(_ bytes: RawSpan, at offset: Int, end: Int) -> LinkLayer.NetworkLayer? {
        let flags = bytes.uint8(at: offset)
        guard flags & 0xF0 == 0x30, bytes.uint8(at: offset + 1) == 0xFF else { return nil }
        guard offset + 8 + Int(bytes.uint16(at: offset + 2)) <= end else { return nil }
        var start = offset + 8
        guard flags & 0x07 != 0 else { return LinkLayer.version(of: bytes, at: start) }
        let limit = min(bytes.byteCount, end)
        guard limit >= start + 4 else { return nil }
        var next = flags & 0x04 != 0 ? bytes.uint8(at: start + 3) : 0
        start += 4
        // Extension headers, each with its length in words of four bytes first and the next type last.
        while next != 0 {
            guard limit > start else { return nil }
            let length = Int(bytes.uint8(at: start)) * 4
            guard length > 0, limit >= start + length else { return nil }
            next = bytes.uint8(at: start + length - 1)
            start += length
        }
        return LinkLayer.version(of: bytes, at: start)
    }
}
