import TapCore

/// Tunnels by which a subscriber or a single host reaches a network: GTP-U (3GPP TS 29.281), L2TP (RFC 2661) and Teredo (RFC 4380).
enum AccessTunnel {
    /// TS 29.281 §5: version 1, protocol type GTP, and a message of type 255 that carries a packet; a spare bit is not evaluated.
    static func gtp(_ bytes: RawSpan, at offset: Int, end: Int) -> LinkLayer.NetworkLayer? {
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

    /// RFC 2661 §3.1: version 2, a data message; a length, sequence numbers and an offset, where flags say so; and then PPP.
    static func l2tp(_ bytes: RawSpan, at offset: Int, end: Int) -> LinkLayer.NetworkLayer? {
        let flags = bytes.uint16(at: offset)
        guard flags & 0x800F == 0x0002 else { return nil }
        let limit = min(bytes.byteCount, end)
        var start = offset + 2
        if flags & 0x4000 != 0 {
            guard offset + Int(bytes.uint16(at: start)) <= end else { return nil }
            start += 2
        }
        start += flags & 0x0800 != 0 ? 8 : 4
        if flags & 0x0200 != 0 {
            guard limit >= start + 2 else { return nil }
            start += 2 + Int(bytes.uint16(at: start))
        }
        return PPPLayer.tunnelled(bytes, at: start)
    }

    /// RFC 4380 §5.1.1: an authentication and the origin as a server saw it, where they are, and then IPv6.
    static func teredo(_ bytes: RawSpan, at offset: Int) -> LinkLayer.NetworkLayer? {
        var start = offset
        if bytes.uint16(at: start) == 0x0001 {
            start += 4 + Int(bytes.uint8(at: start + 2)) + Int(bytes.uint8(at: start + 3)) + 9
        }
        guard bytes.byteCount >= start + 2 else { return nil }
        if bytes.uint16(at: start) == 0 { start += 8 }
        guard bytes.byteCount > start, bytes.uint8(at: start) >> 4 == 6 else { return nil }
        return .ipv6(at: start)
    }
}
