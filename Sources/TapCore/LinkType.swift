/// What a captured packet begins with, by its registered number (LINKTYPE_ of <https://www.tcpdump.org/linktypes.html>).
public struct LinkType: RawRepresentable, Hashable, Sendable, Codable {
    public let rawValue: UInt32

    @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

    @inlinable public static var null: LinkType { LinkType(rawValue: 0) }
    @inlinable public static var ethernet: LinkType { LinkType(rawValue: 1) }
    @inlinable public static var tokenRing: LinkType { LinkType(rawValue: 6) }
    @inlinable public static var slip: LinkType { LinkType(rawValue: 8) }
    @inlinable public static var ppp: LinkType { LinkType(rawValue: 9) }
    @inlinable public static var fddi: LinkType { LinkType(rawValue: 10) }
    /// What most systems call raw IP in themselves; some programs write it into files.
    @inlinable public static var rawDLT: LinkType { LinkType(rawValue: 12) }
    /// The same on OpenBSD.
    @inlinable public static var rawOpenBSD: LinkType { LinkType(rawValue: 14) }
    @inlinable public static var pppHDLC: LinkType { LinkType(rawValue: 50) }
    @inlinable public static var pppoe: LinkType { LinkType(rawValue: 51) }
    @inlinable public static var atmRFC1483: LinkType { LinkType(rawValue: 100) }
    @inlinable public static var raw: LinkType { LinkType(rawValue: 101) }
    @inlinable public static var ciscoHDLC: LinkType { LinkType(rawValue: 104) }
    @inlinable public static var ieee80211: LinkType { LinkType(rawValue: 105) }
    @inlinable public static var frameRelay: LinkType { LinkType(rawValue: 107) }
    @inlinable public static var loop: LinkType { LinkType(rawValue: 108) }
    @inlinable public static var enc: LinkType { LinkType(rawValue: 109) }
    @inlinable public static var linuxCooked: LinkType { LinkType(rawValue: 113) }
    @inlinable public static var pflog: LinkType { LinkType(rawValue: 117) }
    @inlinable public static var prism: LinkType { LinkType(rawValue: 119) }
    @inlinable public static var ipOverFibreChannel: LinkType { LinkType(rawValue: 122) }
    @inlinable public static var sunATM: LinkType { LinkType(rawValue: 123) }
    @inlinable public static var radiotap: LinkType { LinkType(rawValue: 127) }
    @inlinable public static var ieee1394: LinkType { LinkType(rawValue: 138) }
    /// Set aside for anybody's own use; early versions of macOS wrote PKTAP under it.
    @inlinable public static var user2: LinkType { LinkType(rawValue: 149) }
    @inlinable public static var avs: LinkType { LinkType(rawValue: 163) }
    @inlinable public static var pppPPPD: LinkType { LinkType(rawValue: 166) }
    @inlinable public static var juniperEthernet: LinkType { LinkType(rawValue: 178) }
    @inlinable public static var juniperPPP: LinkType { LinkType(rawValue: 179) }
    @inlinable public static var juniperCiscoHDLC: LinkType { LinkType(rawValue: 181) }
    @inlinable public static var ppi: LinkType { LinkType(rawValue: 192) }
    @inlinable public static var erf: LinkType { LinkType(rawValue: 197) }
    @inlinable public static var pppWithDirection: LinkType { LinkType(rawValue: 204) }
    @inlinable public static var ciscoHDLCWithDirection: LinkType { LinkType(rawValue: 205) }
    @inlinable public static var frameRelayWithDirection: LinkType { LinkType(rawValue: 206) }
    @inlinable public static var ipv4: LinkType { LinkType(rawValue: 228) }
    @inlinable public static var ipv6: LinkType { LinkType(rawValue: 229) }
    @inlinable public static var nflog: LinkType { LinkType(rawValue: 239) }
    @inlinable public static var ipOverInfiniBand: LinkType { LinkType(rawValue: 242) }
    @inlinable public static var upperPDU: LinkType { LinkType(rawValue: 252) }
    @inlinable public static var pktap: LinkType { LinkType(rawValue: 258) }
    @inlinable public static var linuxCooked2: LinkType { LinkType(rawValue: 276) }
}
