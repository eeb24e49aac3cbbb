import TapCore

/// Finds the TCP segment in a packet. A pure function: it remembers nothing and never traps, whatever the bytes are.
@usableFromInline
package enum PacketDecoder {
    @inlinable
    @inline(__always)
    package static func decode(_ bytes: RawSpan, _ header: PacketHeader) -> PacketContent {
        if let segment = plainSegment(bytes, header) { return .tcp(segment) }
        if isPlainDatagram(bytes, header) { return .other(.udp) }
        return decodeAny(bytes, header)
    }

    /// The segment of a packet, where it is of the most frequent kind.
    @inlinable
    @inline(__always)
    package static func plainSegment(_ bytes: RawSpan, _ header: PacketHeader) -> TCPSegment? {
        header.linkType == .ethernet ? PlainSegment.decode(bytes) : nil
    }

    /// Whether a packet is a datagram of the most frequent kind, which is ``OtherPacket/udp``.
    @inlinable
    @inline(__always)
    package static func isPlainDatagram(_ bytes: RawSpan, _ header: PacketHeader) -> Bool {
        header.linkType == .ethernet && PlainDatagram.isOne(bytes)
    }

    /// Which part of the connections needs a packet; `nil` if every part does.
    /// - Parameter mayReadQUIC: whether there may be keys for QUIC.
    package static func part(of bytes: RawSpan, _ header: PacketHeader, mayReadQUIC: Bool) -> Int? {
        owner(of: bytes, header).part(mayReadQUIC: mayReadQUIC)
    }

    /// Whose a packet is, where connections are dealt.
    @inline(__always)
    package static func owner(of bytes: RawSpan, _ header: PacketHeader) -> PacketOwner {
        if header.linkType == .ethernet {
            if let spread = PlainSegment.spread(bytes) { return .connection(spread) }
            if PlainDatagram.isOne(bytes) { return .datagram }
        }
        return PacketOwner(of: decodeAny(bytes, header))
    }

    /// What a packet of any kind holds.
    @usableFromInline
    package static func decodeAny(_ bytes: RawSpan, _ header: PacketHeader) -> PacketContent {
        switch LinkLayer.networkLayer(of: bytes, header.linkType) {
        case .ipv4(let offset, let network):
            IPv4Layer.decode(bytes, at: offset, in: network, wireLength: header.originalLength, depth: 0)
        case .ipv6(let offset, let network):
            IPv6Layer.decode(bytes, at: offset, in: network, wireLength: header.originalLength, depth: 0)
        case .other(.otherLink) where header.linkType == .upperPDU: ExportedLayer.decode(bytes, header)
        case .other(let kind): .other(kind)
        }
    }

    /// The datagram in a packet that holds no segment, whatever it is.
    package static func decodeDatagram(_ bytes: RawSpan, _ header: PacketHeader) -> UDPDatagram? {
        let content: PacketContent =
            switch LinkLayer.networkLayer(of: bytes, header.linkType) {
            case .ipv4(let offset, let network):
                IPv4Layer.decode(
                    bytes, at: offset, in: network, wireLength: header.originalLength,
                    depth: TunnelLayer.datagramDepth)
            case .ipv6(let offset, let network):
                IPv6Layer.decode(
                    bytes, at: offset, in: network, wireLength: header.originalLength,
                    depth: TunnelLayer.datagramDepth)
            case .other(let kind): .other(kind)
            }
        guard case .tcp(let datagram) = content else { return nil }
        return UDPDatagram(from: datagram.source, to: datagram.destination, payload: datagram.payload)
    }

    /// What an IP packet carries, by its protocol number.
    /// - Parameter depth: how many IP headers lie before that of `ip`.
    @inlinable
    @inline(__always)
    static func transport(_ bytes: RawSpan, _ ip: IPPayload, depth: Int) -> PacketContent {
        ip.protocolNumber == 6 ? TCPLayer.decode(bytes, ip) : TunnelLayer.decode(bytes, ip, depth: depth)
    }
}

/// The fast path past the datagrams that nearly all are: of UDP over IPv4 without options, over Ethernet without tags, that
/// neither are of a known tunnel nor begin QUIC.
@usableFromInline
enum PlainDatagram {
    /// Whether a packet is such a one; where it is not, it takes the long way to say what the packet is.
    @inlinable
    @inline(__always)
    static func isOne(_ bytes: RawSpan) -> Bool {
        guard bytes.byteCount >= PlainSegment.shortest else { return false }
        let (start, middle) = (bytes.uint64(at: 14), bytes.uint64(at: 22))
        let isPlain =
            bytes.uint32(at: 12) >> 8 == 0x08_0045 && start & 0x3FFF == 0 && (middle >> 48) & 0xFF == 17
            && start >> 32 & 0xFFFF >= 20
        guard isPlain else { return false }
        let ports = bytes.uint32(at: 34)
        if UDPTunnel.mayName(ports), UDPTunnel(ports: ports) != nil { return false }
        return bytes.uint8(at: 42) < 0x80 || !QUICHeader.isKnown(version: bytes.uint32(at: 43))
    }
}
