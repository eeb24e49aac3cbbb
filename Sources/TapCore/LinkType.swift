/// What a captured packet begins with, by its registered number (LINKTYPE_ of <https://www.tcpdump.org/linktypes.html>).
public struct LinkType: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt32

    @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

    @inlinable public static var null: LinkType { LinkType(rawValue: 0) }
    @inlinable public static var ethernet: LinkType { LinkType(rawValue: 1) }
    @inlinable public static var ppp: LinkType { LinkType(rawValue: 9) }
    /// What most systems call raw IP in themselves; some programs write it into files.
    @inlinable public static var rawDLT: LinkType { LinkType(rawValue: 12) }
    /// The same on OpenBSD.
    @inlinable public static var rawOpenBSD: LinkType { LinkType(rawValue: 14) }
    @inlinable public static var pppHDLC: LinkType { LinkType(rawValue: 50) }
    @inlinable public static var pppoe: LinkType { LinkType(rawValue: 51) }
    @inlinable public static var raw: LinkType { LinkType(rawValue: 101) }
    @inlinable public static var ieee80211: LinkType { LinkType(rawValue: 105) }
    @inlinable public static var loop: LinkType { LinkType(rawValue: 108) }
    @inlinable public static var linuxCooked: LinkType { LinkType(rawValue: 113) }
    @inlinable public static var radiotap: LinkType { LinkType(rawValue: 127) }
    @inlinable public static var ipv4: LinkType { LinkType(rawValue: 228) }
    @inlinable public static var ipv6: LinkType { LinkType(rawValue: 229) }
    @inlinable public static var nflog: LinkType { LinkType(rawValue: 239) }
    @inlinable public static var linuxCooked2: LinkType { LinkType(rawValue: 276) }
}
