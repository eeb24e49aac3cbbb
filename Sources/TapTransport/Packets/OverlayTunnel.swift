import TapCore

/// Tunnels that lay virtual networks over IP: VXLAN (RFC 7348) and its generic form, Geneve (RFC 8926), and LISP (RFC 9300).
enum OverlayTunnel {
    /// RFC 7348 §5: a flag says that a network is named; all other bits are reserved, and ignored on receipt. Others use them, as
    /// for a group policy.
    static func vxlan(_ bytes: RawSpan, at offset: Int) -> LinkLayer.NetworkLayer? {
        guard bytes.uint8(at: offset) & 0x08 != 0 else { return nil }
        return LinkLayer.etherType(in: bytes, at: offset + 8 + 12).inside(.virtual(bytes.uint32(at: offset + 4)))
    }

    /// RFC 8926 §3.4: version 0, options in words of four bytes, no control message; reserved bits are ignored on receipt.
    static func geneve(_ bytes: RawSpan, at offset: Int) -> LinkLayer.NetworkLayer? {
        let (lengths, flags) = (bytes.uint8(at: offset), bytes.uint8(at: offset + 1))
        guard lengths >> 6 == 0, flags & 0x80 == 0 else { return nil }
        let start = offset + 8 + Int(lengths & 0x3F) * 4
        let network = NetworkID.virtual(bytes.uint32(at: offset + 4))
        let etherType = bytes.uint16(at: offset + 2)
        guard etherType != 0x6558 else { return LinkLayer.etherType(in: bytes, at: start + 12).inside(network) }
        guard etherType >= 0x0600 else { return nil }
        return LinkLayer.network(bytes, etherType: etherType, at: start).inside(network)
    }

    /// draft-ietf-nvo3-vxlan-gpe §3: version 0, no control message; a flag says that the header names what follows. The
    /// numbers are those of RFC 9305 and RFC 8300.
    static func genericVXLAN(_ bytes: RawSpan, at offset: Int) -> LinkLayer.NetworkLayer? {
        let flags = bytes.uint8(at: offset)
        guard flags & 0x38 == 0x08, flags & 0x01 == 0 else { return nil }
        let number = flags & 0x04 != 0 ? bytes.uint8(at: offset + 3) : 3
        return next(number, bytes, at: offset + 8)?.inside(.virtual(bytes.uint32(at: offset + 4)))
    }

    /// RFC 9300 §5.3: an IP packet behind eight bytes, one flag of which says that they name an instance. RFC 9305 §3 has
    /// another one, which says that they name what follows.
    static func lisp(_ bytes: RawSpan, at offset: Int) -> LinkLayer.NetworkLayer? {
        let flags = bytes.uint8(at: offset)
        let network: NetworkID = flags & 0x08 != 0 ? .virtual(bytes.uint32(at: offset + 4)) : .unnamed
        guard flags & 0x04 != 0 else { return LinkLayer.version(of: bytes, at: offset + 8).inside(network) }
        return next(bytes.uint8(at: offset + 3), bytes, at: offset + 8)?.inside(network)
    }

    private static func next(_ number: UInt8, _ bytes: RawSpan, at offset: Int) -> LinkLayer.NetworkLayer? {
        guard number == 4 else { return packet(number, bytes, at: offset) }
        // A network service header: its length in words of four bytes, and what follows it. RFC 8300 §2.2.
        guard bytes.byteCount >= offset + 8, bytes.uint8(at: offset) & 0xE0 == 0 else { return nil }
        let length = Int(bytes.uint8(at: offset + 1) & 0x3F) * 4
        guard length >= 8 else { return nil }
        return packet(bytes.uint8(at: offset + 3), bytes, at: offset + length)
    }

    private static func packet(_ number: UInt8, _ bytes: RawSpan, at offset: Int) -> LinkLayer.NetworkLayer? {
        switch number {
        case 1: .ipv4(at: offset)
        case 2: .ipv6(at: offset)
        case 3: LinkLayer.etherType(in: bytes, at: offset + 12)
        case 5: MPLSLayer.decode(bytes, at: offset)
        default: nil
        }
    }
}
