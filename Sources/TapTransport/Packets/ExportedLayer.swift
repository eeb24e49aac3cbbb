import TapCore

/// What `tshark -U` and Wireshark export: tags that say whose the bytes behind them are. LINKTYPE_WIRESHARK_UPPER_PDU.
///
/// Packets and segments out of IPsec (“OSI layer 3”) have their own headers. What TLS carried (“OSI layer 7”) comes with its
/// endpoints and without numbers: it becomes a segment without a header, whose place in its stream others have to find. Where TLS
/// lacks a record, tshark exports nothing more of that direction. What TCP carried in the clear (“OSI layer 4”) is left out: of
/// segments that were lost it shows nothing, and its numbers begin anew with each connection.
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
        case .stream: return stream(bytes, tags, header)
        case nil: return .other(.otherLink)
        }
    }

    private static func stream(_ bytes: RawSpan, _ tags: ExportTags, _ header: PacketHeader) -> PacketContent {
        let length = header.originalLength - tags.end
        guard let (source, destination) = tags.endpoints,
            (bytes.byteCount - tags.end...TCPLayer.longestPayload) ~= length
        else { return .other(.otherLink) }
        return .tcp(
            TCPSegment(
                source: source, destination: destination, sequenceNumber: SequenceNumber(0),
                acknowledgmentNumber: SequenceNumber(0), flags: [], payload: tags.end..<bytes.byteCount,
                payloadLength: length))
    }
}
