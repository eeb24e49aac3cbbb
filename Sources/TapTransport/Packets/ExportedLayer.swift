import TapCore

/// What `tshark -U` and Wireshark export: tags that say whose the bytes behind them are. LINKTYPE_WIRESHARK_UPPER_PDU.
///
/// Read is what says where in its connection it belongs: the packets and segments out of IPsec (“OSI layer 3”), and what TCP
/// carried, with the numbers of its header beside it (“OSI layer 4”). What TLS carried (“OSI layer 7”) has no such numbers:
/// parts come twice, others not at all, and nothing tells.
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
        case .carried(let place): return carried(tags, bytes.extracting(place), header, bytes.byteCount)
        case nil: return .other(.otherLink)
        }
    }

    /// What TCP carried, as a segment: where several were put together, as one that is longer than any of them was.
    /// - Parameters:
    ///   - numbers: the version of what follows; numbers of the first byte, of the one behind the segment, and of the one that is
    ///     acknowledged; whether it was put together; flags; the urgent pointer.
    ///   - end: that of what was captured.
    private static func carried(
        _ tags: ExportTags, _ numbers: RawSpan, _ header: PacketHeader, _ end: Int
    ) -> PacketContent {
        guard tags.isTCP, let source = tags.source, let destination = tags.destination, let ports = tags.ports,
            numbers.byteCount >= 17, numbers.uint16(at: 0) == 1
        else { return .other(.otherLink) }
        let length = header.originalLength - tags.end
        guard 0...TCPLayer.longestPayload ~= length else { return .other(.malformed) }
        var flags = TCPFlags(rawValue: UInt8(truncatingIfNeeded: numbers.uint16(at: 15)))
        let first = SequenceNumber(numbers.uint32(at: 2))
        let isToEnd = first.advanced(by: length) == SequenceNumber(numbers.uint32(at: 6))
        // More of the last segment may follow, in an item of its own.
        if !isToEnd { flags.subtract([.fin, .rst]) }
        return .tcp(
            TCPSegment(
                source: Endpoint(address: source, port: ports.source),
                destination: Endpoint(address: destination, port: ports.destination), sequenceNumber: first,
                acknowledgmentNumber: SequenceNumber(numbers.uint32(at: 10)), flags: flags,
                payload: tags.end..<min(end, header.originalLength), payloadLength: length))
    }
}
