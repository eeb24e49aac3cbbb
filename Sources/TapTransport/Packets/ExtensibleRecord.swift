import TapCore

/// Records of capture cards by Endace, with the packet that each holds. LINKTYPE_ERF, "ERF Types Reference Guide" §2.
enum ExtensibleRecord {
    /// The header: a time, a type, flags, the record's length, a count of losses, and the length on the wire; in bytes.
    private static let headerLength = 16
    /// The bit with which a type, and each further header, says that another one follows.
    private static let more: UInt8 = 0x80
    private static let furtherHeader = 8

    static func decode(_ bytes: RawSpan) -> LinkLayer.NetworkLayer {
        guard bytes.byteCount >= headerLength else { return .other(.cutShort) }
        let type = bytes.uint8(at: 8)
        var (start, isLast) = (headerLength, type & more == 0)
        while !isLast {
            guard bytes.byteCount >= start + furtherHeader else { return .other(.cutShort) }
            isLast = bytes.uint8(at: start) & more == 0
            start += furtherHeader
        }
        switch type & ~more {
        // Ethernet, behind two bytes: an offset, and one that is reserved.
        case 2, 11, 16, 20: return EnclosedLink.network(bytes, at: start + 2, .ethernet)
        // Packet over SONET: PPP, or what Cisco has.
        case 1, 10, 15, 19: return EnclosedLink.network(bytes, at: start, .pppHDLC)
        case 22: return EnclosedLink.network(bytes, at: start, .ipv4)
        case 23: return EnclosedLink.network(bytes, at: start, .ipv6)
        default: return .other(.otherNetwork)
        }
    }
}
