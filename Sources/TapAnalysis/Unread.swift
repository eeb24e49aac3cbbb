public import TapCore

/// What of a capture was not read, in numbers: a report that says nothing of it looks like one that has found nothing.
public struct Unread: Sendable, Codable {
    /// How many packets there are of each link type that is not read.
    public private(set) var linkTypes: [LinkType: UInt64] = [:]
    /// Packets of link types beyond those that are told apart.
    public private(set) var furtherLinkTypes: UInt64 = 0
    /// What link types are called, where whoever reads the capture knows.
    public private(set) var linkTypeNames: [LinkType: String] = [:]
    /// TCP connections that are TLS by their first bytes, or by their records.
    public internal(set) var tlsConnections = 0
    /// Connections of QUIC that were not read.
    public internal(set) var quicConnections = 0
    /// Packets of which the capture does not hold all.
    public package(set) var cuts = CutPackets()

    /// So many link types are told apart; the interfaces of a file may have thousands.
    private static let mostLinkTypes = 64

    public init() {}

    /// Asks for the name of each link type.
    package mutating func nameLinkTypes(_ name: (LinkType) -> String?) {
        for type in linkTypes.keys { linkTypeNames[type] = name(type) }
    }

    /// Counts a packet whose link type is not read.
    package mutating func note(_ linkType: LinkType) {
        if linkTypes.count < Unread.mostLinkTypes || linkTypes[linkType] != nil {
            linkTypes[linkType, default: 0] += 1
        } else {
            furtherLinkTypes += 1
        }
    }

    mutating func add(_ other: Unread) {
        linkTypes.merge(other.linkTypes, uniquingKeysWith: +)
        furtherLinkTypes += other.furtherLinkTypes
        tlsConnections += other.tlsConnections
        quicConnections += other.quicConnections
        cuts.add(other.cuts)
    }
}
