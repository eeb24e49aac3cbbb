import TapCore

/// What stands before the IP header of a packet, where it says nothing of what follows: so it may stand before another one.
package struct LinkHeader: Equatable, Sendable {
    package let linkType: LinkType
    package let bytes: [UInt8]

    /// An IP packet that stands by itself.
    package static let none = LinkHeader(linkType: .raw, bytes: [])

    private init(linkType: LinkType, bytes: [UInt8]) {
        self.linkType = linkType
        self.bytes = bytes
    }

    /// `nil` where the IP header of the segment lies in a tunnel, or behind a header that has lengths or is not known here.
    package init?(of packet: RawSpan, _ header: PacketHeader, before segment: TCPSegment) {
        let start: Int?
        switch header.linkType {
        case .ethernet: start = LinkHeader.behindTags(packet, from: 12)
        case .linuxCooked: start = LinkHeader.behindTags(packet, from: 14)
        case .linuxCooked2: start = 20
        case .null, .loop: start = 4
        case .raw, .ipv4, .ipv6: start = 0
        default: start = nil
        }
        guard let start, LinkHeader.hasAddresses(of: segment, packet, at: start) else { return nil }
        self.init(linkType: header.linkType, bytes: [UInt8](packet.upTo(start)))
    }

    /// How many VLAN tags there may be.
    private static let mostTags = 8

    /// Where IP begins behind an EtherType and the tags of VLANs.
    private static func behindTags(_ packet: RawSpan, from offset: Int) -> Int? {
        var reader = ByteReader(packet, at: offset)
        for _ in 0...mostTags {
            switch reader.read(UInt16.self) {
            case 0x0800, 0x86DD: return reader.offset
            case 0x8100, 0x88A8, 0x9100, 0x9200: guard reader.skip(2) else { return nil }
            case _: return nil
            }
        }
        return nil
    }

    /// Whether the addresses of the IP header there are those of the segment.
    private static func hasAddresses(of segment: TCPSegment, _ packet: RawSpan, at start: Int) -> Bool {
        let wanted = segment.source.address.bytes + segment.destination.address.bytes
        let offset = start + (segment.source.address.isIPv6 ? 8 : 12)
        guard packet.byteCount >= offset + wanted.count, packet.uint8(at: start) >> 4 == (wanted.count == 8 ? 4 : 6)
        else { return false }
        return [UInt8](packet.from(offset).upTo(wanted.count)) == wanted
    }
}
