import TapCore

/// Packets that a firewall or IPsec of the BSDs logged: a header, and then an IP packet.
enum FirewallLayer {
    /// The shortest header of the packet filter, in bytes: that of OpenBSD 3.4.
    private static let shortestLog = 45

    /// A length without padding, an address family, and what the packet filter did. LINKTYPE_PFLOG.
    static func packetFilter(_ bytes: RawSpan) -> LinkLayer.NetworkLayer {
        guard bytes.byteCount >= 2 else { return .other(.cutShort) }
        let length = Int(bytes.uint8(at: 0))
        guard length >= shortestLog else { return .other(.malformed) }
        return LinkLayer.family(UInt32(bytes.uint8(at: 1)), at: (length + 3) & ~3)
    }

    /// An address family, a security parameters index and flags. Encrypted ones are gone by the time. LINKTYPE_ENC.
    static func encapsulation(_ bytes: RawSpan) -> LinkLayer.NetworkLayer {
        guard bytes.byteCount >= 12 else { return .other(.cutShort) }
        return LinkLayer.family(bytes.uint32(at: 0), at: 12)
    }
}
