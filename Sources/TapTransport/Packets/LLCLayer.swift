import TapCore

/// Logical link control, with or without a subnetwork access protocol header. IEEE 802.2, RFC 1042.
enum LLCLayer {
    enum Content {
        /// An EtherType, and where what it names begins.
        case etherType(UInt16, at: Int)
        case other(OtherPacket)
    }

    static func decode(_ bytes: RawSpan, at offset: Int) -> Content {
        guard bytes.byteCount >= offset + 3 else { return .other(.cutShort) }
        let accessPoints = bytes.uint16(at: offset)
        // 0x03: unnumbered information.
        guard bytes.uint8(at: offset + 2) == 0x03 else { return .other(.otherNetwork) }
        switch accessPoints {
        case 0x0606: return .etherType(0x0800, at: offset + 3)  // IPv4 without SNAP, RFC 948
        case 0xAAAA:
            guard bytes.byteCount >= offset + 8 else { return .other(.cutShort) }
            // The organization is that of EtherTypes, or of IEEE 802.1H bridges, which mean the same.
            let organization = bytes.uint32(at: offset + 2) & 0xFF_FFFF
            guard organization == 0 || organization == 0xF8 else { return .other(.otherNetwork) }
            return .etherType(bytes.uint16(at: offset + 6), at: offset + 8)
        default: return .other(.otherNetwork)
        }
    }

    /// What a link layer that has nothing but LLC leads to.
    static func network(_ bytes: RawSpan, at offset: Int) -> LinkLayer.NetworkLayer {
        switch decode(bytes, at: offset) {
        case .etherType(let etherType, let start): LinkLayer.network(bytes, etherType: etherType, at: start)
        case .other(let kind): .other(kind)
        }
    }

    /// A subnetwork access protocol header that stands at `offset`: an EtherType, or a frame of Ethernet that a bridge passes on
    /// over another network, after `padding` bytes. RFC 2684 §5.2, RFC 2427 §4.2.
    static func bridged(_ bytes: RawSpan, at offset: Int, padding: Int) -> LinkLayer.NetworkLayer {
        guard bytes.byteCount >= offset + 5 else { return .other(.cutShort) }
        let type = bytes.uint16(at: offset + 3)
        switch bytes.uint32(at: offset) >> 8 {
        case 0: return LinkLayer.network(bytes, etherType: type, at: offset + 5)
        // With a frame check sequence, or without.
        case 0x80C2 where type == 1 || type == 7: return LinkLayer.etherType(in: bytes, at: offset + 5 + padding + 12)
        case _: return .other(.otherNetwork)
        }
    }
}
