import TapCore

/// Tunnels from access points to whoever controls them or listens: CAPWAP (RFC 5415), and TZSP, in which packets are mirrored.
enum WirelessTunnel {
    /// RFC 5415 §4.3: version 0, not encrypted, a whole packet, and no keep-alive. What follows is a frame of Ethernet, or one of
    /// the radio, which is IEEE 802.11 for binding 1 (RFC 5416).
    static func capwap(_ bytes: RawSpan, at offset: Int, end: Int) -> LinkLayer.NetworkLayer? {
        let header = bytes.uint32(at: offset)
        guard header >> 24 == 0, header & 0x88 == 0 else { return nil }
        let length = Int(header >> 19 & 0x1F) * 4
        let start = offset + length
        guard length >= 8, min(bytes.byteCount, end) >= start + 24 else { return nil }
        guard header & 0x100 != 0 else { return LinkLayer.etherType(in: bytes, at: start + 12) }
        guard header >> 9 & 0x1F == 1 else { return nil }
        // Access points of Cisco swap the two bytes of the frame control field; then the first would name a version that is none.
        return WirelessLayer.decode(bytes, at: start, isSwapped: bytes.uint8(at: start) & 0x03 != 0)
    }

    /// Version 1, a packet that was received, what it is, and tagged fields up to an end. Each but padding and the end has a length.
    static func tzsp(_ bytes: RawSpan, at offset: Int, end: Int) -> LinkLayer.NetworkLayer? {
        guard bytes.uint16(at: offset) == 0x0100 else { return nil }
        let limit = min(bytes.byteCount, end)
        var start = offset + 4
        while true {
            guard limit > start else { return nil }
            let tag = bytes.uint8(at: start)
            start += 1
            guard tag != 1 else { break }
            guard tag != 0 else { continue }
            guard limit > start else { return nil }
            start += 1 + Int(bytes.uint8(at: start))
        }
        switch bytes.uint16(at: offset + 2) {
        case 1: return LinkLayer.etherType(in: bytes, at: start + 12)
        case 18: return WirelessLayer.decode(bytes, at: start)
        default: return nil
        }
    }
}
