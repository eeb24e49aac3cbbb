import TapCore

/// MPLS label stacks. RFC 3032 §2.1.
enum MPLSLayer {
    /// How many labels may lie on each other before a packet counts as malformed.
    static let deepestStack = 16

    static func decode(_ bytes: RawSpan, at offset: Int) -> LinkLayer.NetworkLayer {
        var offset = offset
        for _ in 0..<deepestStack {
            guard bytes.byteCount >= offset + 4 else { return .other(.cutShort) }
            let isBottom = bytes.uint8(at: offset + 2) & 1 == 1
            offset += 4
            guard isBottom else { continue }
            guard bytes.byteCount > offset else { return .other(.cutShort) }
            // Nothing names what follows; RFC 4928 §3 tells IP from the rest by its version.
            switch bytes.uint8(at: offset) >> 4 {
            case 4: return .ipv4(at: offset)
            case 6: return .ipv6(at: offset)
            default: return .other(.otherNetwork)
            }
        }
        return .other(.malformed)
    }
}
