import TapCore

/// What routers of Juniper capture: a magic number, flags, fields, and the frame or what is left of it. LINKTYPE_JUNIPER_ETHER.
enum JuniperLayer {
    private static let magic: UInt32 = 0x4D4743
    private static let hasNoLinkLayer: UInt8 = 0x02
    private static let hasFields: UInt8 = 0x80

    static func decode(_ bytes: RawSpan, _ linkType: LinkType) -> LinkLayer.NetworkLayer {
        guard bytes.byteCount >= 4 else { return .other(.cutShort) }
        let flags = bytes.uint8(at: 3)
        guard bytes.uint32(at: 0) >> 8 == magic else { return .other(.malformed) }
        var start = 4
        if flags & hasFields != 0 {
            guard bytes.byteCount >= 6 else { return .other(.cutShort) }
            start = 6 + Int(bytes.uint16(at: 4))
        }
        guard flags & hasNoLinkLayer == 0 else { return stripped(bytes, at: start) }
        switch linkType {
        case .juniperCiscoHDLC: return EnclosedLink.network(bytes, at: start, .ciscoHDLC)
        case .juniperPPP: return EnclosedLink.network(bytes, at: start, .ppp)
        default: return EnclosedLink.network(bytes, at: start, .ethernet)
        }
    }

    /// A number of four bytes in little-endian order in place of the link layer.
    private static func stripped(_ bytes: RawSpan, at offset: Int) -> LinkLayer.NetworkLayer {
        guard bytes.byteCount >= offset + 4 else { return .other(.cutShort) }
        switch bytes.uint32(at: offset).byteSwapped {
        case 2: return .ipv4(at: offset + 4)
        case 6: return .ipv6(at: offset + 4)
        default: return .other(.otherNetwork)
        }
    }
}
