import TapCore

/// What `tshark -U` and Wireshark export: tags that say whose the bytes behind them are. LINKTYPE_WIRESHARK_UPPER_PDU.
///
/// Read are the packets and segments out of IPsec (“OSI layer 3”), which have their own headers. What TCP carried (“OSI layer 4”)
/// comes with numbers that begin anew with each connection, and nothing tells where one ends and the next begins. What TLS carried
/// (“OSI layer 7”) has no numbers: parts come twice, others not at all.
enum ExportedLayer {
    static func decode(_ bytes: RawSpan, _ header: PacketHeader) -> PacketContent {
        guard let tags = ExportTags(bytes) else { return .other(.cutShort) }
        switch tags.content {
        case .ipv4:
            return IPv4Layer.decode(
                bytes, at: tags.end, in: .unnamed, wireLength: header.originalLength, depth: 0)
        case .ipv6:
            return IPv6Layer.decode(
                bytes, at: tags.end, in: .unnamed, wireLength: header.originalLength, depth: 0)
        case .tcp:
            guard let source = tags.source, let destination = tags.destination else { return .other(.otherLink) }
            let ip = IPPayload(
                network: .unnamed, protocolNumber: 6, source: source, destination: destination, offset: tags.end,
                end: header.originalLength)
            return TCPLayer.decode(bytes, ip)
        case nil: return .other(.otherLink)
        }
    }
}
