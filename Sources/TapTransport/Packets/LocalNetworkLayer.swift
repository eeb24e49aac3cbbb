import TapCore

/// Local networks other than Ethernet: rings, fibres and buses, most of which carry logical link control.
enum LocalNetworkLayer {
    /// IEEE 802.5 §3: access control, frame control, two addresses, and where a bit of the source says so, a route.
    static func tokenRing(_ bytes: RawSpan) -> LinkLayer.NetworkLayer {
        guard bytes.byteCount >= 16 else { return .other(.cutShort) }
        guard bytes.uint8(at: 1) >> 6 == 1 else { return .other(.otherNetwork) }
        guard bytes.uint8(at: 8) & 0x80 != 0 else { return LLCLayer.network(bytes, at: 14) }
        let route = Int(bytes.uint8(at: 14) & 0x1F)
        guard route >= 2 else { return .other(.malformed) }
        return LLCLayer.network(bytes, at: 14 + route)
    }

    /// ISO 9314-2 §7.3: frame control and two addresses. Frames of logical link control, RFC 1188.
    static func fddi(_ bytes: RawSpan) -> LinkLayer.NetworkLayer {
        guard bytes.byteCount >= 13 else { return .other(.cutShort) }
        guard bytes.uint8(at: 0) & 0x70 == 0x50 else { return .other(.otherNetwork) }
        return LLCLayer.network(bytes, at: 13)
    }

    /// Two addresses of eight bytes, and logical link control. RFC 2625 §3.1.
    static func fibreChannel(_ bytes: RawSpan) -> LinkLayer.NetworkLayer { LLCLayer.network(bytes, at: 16) }

    /// Two addresses of eight bytes, and an EtherType. LINKTYPE_APPLE_IP_OVER_IEEE1394.
    static func ieee1394(_ bytes: RawSpan) -> LinkLayer.NetworkLayer { LinkLayer.etherType(in: bytes, at: 16) }

    /// A global route header of 40 bytes, and then an EtherType and two reserved bytes. LINKTYPE_IPOIB, RFC 4391 §6.
    static func infiniBand(_ bytes: RawSpan) -> LinkLayer.NetworkLayer {
        guard bytes.byteCount >= 44 else { return .other(.cutShort) }
        return LinkLayer.network(bytes, etherType: bytes.uint16(at: 40), at: 44)
    }

    /// Packets over ATM that say what they are, RFC 2684 §5, or that are IP, since their channel is for nothing else (§6).
    static func atm(_ bytes: RawSpan, at offset: Int) -> LinkLayer.NetworkLayer {
        guard bytes.byteCount >= offset + 3 else { return .other(.cutShort) }
        switch bytes.uint8(at: offset) {
        case 0x45...0x4F, 0x60...0x6F: return LinkLayer.version(of: bytes, at: offset)
        case 0xAA where bytes.uint16(at: offset + 1) == 0xAA03:
            return LLCLayer.bridged(bytes, at: offset + 3, padding: 2)
        default: return LLCLayer.network(bytes, at: offset)
        }
    }

    /// A direction and a type, a virtual path and channel, and what the type names: 2 is RFC 2684. LINKTYPE_SUNATM.
    static func sunATM(_ bytes: RawSpan) -> LinkLayer.NetworkLayer {
        guard bytes.byteCount >= 4 else { return .other(.cutShort) }
        return bytes.uint8(at: 0) & 0x0F == 2 ? atm(bytes, at: 4) : .other(.otherNetwork)
    }
}
