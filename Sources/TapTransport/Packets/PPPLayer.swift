import TapCore

/// PPP, in HDLC-like framing (RFC 1662) and over Ethernet (RFC 2516).
enum PPPLayer {
    /// Address and control fields, where they are, and then PPP; or the framing of Cisco, RFC 1547 §4.3.1.
    static func framed(_ bytes: RawSpan) -> LinkLayer.NetworkLayer {
        guard bytes.byteCount >= 2 else { return .other(.cutShort) }
        switch bytes.uint16(at: 0) {
        case 0x0F00, 0x8F00: return SerialLayer.ciscoHDLC(bytes, at: 0)
        default: return tunnelled(bytes, at: 0)
        }
    }

    /// A byte that tells the direction, in place of the address or before it, and then PPP. LINKTYPE_PPP_PPPD, LINKTYPE_PPP_WITH_DIR.
    static func withDirection(_ bytes: RawSpan) -> LinkLayer.NetworkLayer {
        guard bytes.byteCount >= 3 else { return .other(.cutShort) }
        switch (bytes.uint8(at: 1), bytes.uint8(at: 2)) {
        case (0xFF, 0x03): return decode(bytes, at: 3)
        case (0x03, _): return decode(bytes, at: 2)
        case (_, _): return decode(bytes, at: 1)
        }
    }

    /// Address and control fields, where they are, and then PPP, as a tunnel of PPP carries it. RFC 1661 §2.
    static func tunnelled(_ bytes: RawSpan, at offset: Int) -> LinkLayer.NetworkLayer {
        guard bytes.byteCount >= offset + 2 else { return .other(.cutShort) }
        return decode(bytes, at: bytes.uint16(at: offset) == 0xFF03 ? offset + 2 : offset)
    }

    /// A PPPoE session. RFC 2516 §4: version and type 1, code 0, session, length.
    static func overEthernet(_ bytes: RawSpan, at offset: Int) -> LinkLayer.NetworkLayer {
        guard bytes.byteCount >= offset + 6 else { return .other(.cutShort) }
        guard bytes.uint16(at: offset) == 0x1100 else { return .other(.otherNetwork) }
        return decode(bytes, at: offset + 6)
    }

    /// The protocol field and what it names. RFC 1661 §2; one byte where the peers agreed to compress it (§6.5).
    static func decode(_ bytes: RawSpan, at offset: Int) -> LinkLayer.NetworkLayer {
        guard bytes.byteCount > offset else { return .other(.cutShort) }
        let first = bytes.uint8(at: offset)
        let isCompressed = first & 1 == 1
        guard isCompressed || bytes.byteCount >= offset + 2 else { return .other(.cutShort) }
        let start = offset + (isCompressed ? 1 : 2)
        switch isCompressed ? UInt16(first) : bytes.uint16(at: offset) {
        case 0x0021: return .ipv4(at: start)
        case 0x0057: return .ipv6(at: start)
        case 0x0281, 0x0283: return MPLSLayer.decode(bytes, at: start)
        default: return .other(.otherNetwork)
        }
    }
}
