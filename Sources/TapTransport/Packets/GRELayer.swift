import TapCore

/// Generic routing encapsulation (RFC 2784, RFC 2890), and the mirrored Ethernet of ERSPAN in it.
enum GRELayer {
    /// Checksum, key and sequence number; each is a word of four bytes.
    private static let options: UInt16 = 0xB000
    private static let hasKey: UInt16 = 0x2000
    private static let hasSequenceNumber: UInt16 = 0x1000
    /// Bits with which a packet is not for who reads RFC 2784 (§2.3), once those of a routing that it took away, and the
    /// version: that of PPTP is another header. What else is reserved is ignored.
    private static let unread: UInt16 = 0x4C07
    private static let reserved: UInt16 = 0x03F8

    /// - Parameter end: where the packet around ends on the wire.
    static func decode(_ bytes: RawSpan, at offset: Int, end: Int) -> LinkLayer.NetworkLayer {
        guard end >= offset + 4 else { return .other(.malformed) }
        guard bytes.byteCount >= offset + 4 else { return .other(.cutShort) }
        let flags = bytes.uint16(at: offset)
        guard flags & unread == 0 else { return .other(.otherNetwork) }
        let start = offset + 4 + (flags & options).nonzeroBitCount * 4
        switch bytes.uint16(at: offset + 2) {
        case 0x6558:  // transparent Ethernet, RFC 1701
            // RFC 7637 §3.2: with a key and nothing else, the upper three bytes of the key name a virtual network.
            let ethernet = LinkLayer.etherType(in: bytes, at: start + 12)
            guard flags & ~reserved == hasKey, bytes.byteCount >= start else { return ethernet }
            return ethernet.inside(.virtual(bytes.uint32(at: offset + 4)))
        case 0x88BE where flags & hasSequenceNumber == 0:  // ERSPAN type I has no header
            return LinkLayer.etherType(in: bytes, at: start + 12)
        case 0x88BE: return mirrored(bytes, at: start, version: 1, headerLength: 8)
        case 0x22EB: return mirrored(bytes, at: start, version: 2, headerLength: 12)
        case 0x8200...0x83F0:  // frames of the radio, as controllers of Aruba mirror them
            return WirelessLayer.decode(bytes, at: start)
        case 0x8909:  // Cisco MetaData, whose EtherType stands before it here
            guard bytes.byteCount >= start + 8 else { return .other(.cutShort) }
            return LinkLayer.network(bytes, etherType: bytes.uint16(at: start), at: start + 8)
        case let etherType where etherType >= 0x0600: return LinkLayer.network(bytes, etherType: etherType, at: start)
        default: return .other(.otherNetwork)
        }
    }

    /// ERSPAN type II (version 1) and type III (version 2). draft-foschiano-erspan-03 §4.
    private static func mirrored(
        _ bytes: RawSpan, at offset: Int, version: UInt8, headerLength: Int
    ) -> LinkLayer.NetworkLayer {
        guard bytes.byteCount >= offset + headerLength else { return .other(.cutShort) }
        guard bytes.uint8(at: offset) >> 4 == version else { return .other(.otherNetwork) }
        guard version == 2 else { return LinkLayer.etherType(in: bytes, at: offset + headerLength + 12) }
        // The last word of type III: the type of the frame, and whether a subheader of the platform follows.
        let word = bytes.uint16(at: offset + 10)
        let start = offset + headerLength + (word & 1 == 1 ? 8 : 0)
        switch word >> 10 & 0x1F {
        case 0: return LinkLayer.etherType(in: bytes, at: start + 12)
        case 2: return LinkLayer.version(of: bytes, at: start)
        default: return .other(.otherNetwork)
        }
    }
}
