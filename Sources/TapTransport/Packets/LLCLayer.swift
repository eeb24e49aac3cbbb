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
}
