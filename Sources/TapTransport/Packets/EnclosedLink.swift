import TapCore

/// Link types whose header is the capture's own and says of which link type the packet behind it is.
///
/// What is enclosed encloses nothing itself, so that there is an end.
enum EnclosedLink {
    /// How long the header of macOS may be, in bytes: later versions have added to the first.
    private static let appleHeaders = 108...1_024

    /// Whether packets of a link type have such a header.
    static func isEnclosed(in linkType: LinkType) -> Bool {
        switch linkType {
        case .pktap, .user2, .ppi, .erf, .juniperEthernet, .juniperCiscoHDLC, .juniperPPP: true
        default: false
        }
    }

    static func decode(_ bytes: RawSpan, _ linkType: LinkType) -> LinkLayer.NetworkLayer {
        switch linkType {
        case .pktap: apple(bytes) ?? .other(.malformed)
        // Whoever wrote it may mean something else by the number.
        case .user2: apple(bytes) ?? .other(.otherLink)
        case .ppi: perPacketInformation(bytes)
        case .erf: ExtensibleRecord.decode(bytes)
        default: JuniperLayer.decode(bytes, linkType)
        }
    }

    /// The packet of another link type that begins at `offset`.
    static func network(_ bytes: RawSpan, at offset: Int, _ linkType: LinkType) -> LinkLayer.NetworkLayer {
        guard bytes.byteCount > offset else { return .other(.cutShort) }
        guard !isEnclosed(in: linkType) else { return .other(.otherNetwork) }
        switch LinkLayer.networkLayer(of: bytes.from(offset), linkType) {
        case .ipv4(let start, let network): return .ipv4(at: offset + start, in: network)
        case .ipv6(let start, let network): return .ipv6(at: offset + start, in: network)
        case .other(.otherLink): return .other(.otherNetwork)
        case .other(let kind): return .other(kind)
        }
    }

    /// The header of macOS, in little-endian order: its length, whether a packet follows, the link type, the interface and
    /// the process. LINKTYPE_PKTAP. `nil` where it is none.
    private static func apple(_ bytes: RawSpan) -> LinkLayer.NetworkLayer? {
        guard bytes.byteCount >= 12 else { return .other(.cutShort) }
        guard hasAppleHeader(bytes) else { return nil }
        let length = Int(bytes.uint32(at: 0).byteSwapped)
        guard bytes.uint32(at: 4).byteSwapped == 1 else { return .other(.otherNetwork) }
        return network(bytes, at: length, LinkType(rawValue: bytes.uint32(at: 8).byteSwapped))
    }

    /// Whether bytes, at least four, begin with the length of a header of macOS.
    static func hasAppleHeader(_ bytes: RawSpan) -> Bool {
        bytes.byteCount >= 4 && appleHeaders.contains(Int(bytes.uint32(at: 0).byteSwapped))
    }

    /// Per-packet information, in little-endian order: version, flags, length, link type. LINKTYPE_PPI.
    private static func perPacketInformation(_ bytes: RawSpan) -> LinkLayer.NetworkLayer {
        guard bytes.byteCount >= 8 else { return .other(.cutShort) }
        let length = Int(bytes.uint16(at: 2).byteSwapped)
        guard bytes.uint8(at: 0) == 0, length >= 8 else { return .other(.malformed) }
        return network(bytes, at: length, LinkType(rawValue: bytes.uint32(at: 4).byteSwapped))
    }
}
