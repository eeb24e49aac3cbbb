import TapCore

/// The payload of an IP packet that was put together from its fragments.
package struct ReassembledPacket: Sendable {
    /// As much of it as the capture holds from its beginning on.
    package let bytes: [UInt8]
    /// Its length on the wire in bytes.
    package let length: Int
    let protocolNumber: UInt8
    let identity: IPFragment.Identity
    /// How many IP headers lay before that of its fragments.
    let depth: Int
    /// Fragments of it that contradict each other.
    package let conflict: ConflictingFragments?

    /// What it holds. A fragment in it lies deeper than those that it was put together from, so that there is an end.
    package var content: PacketContent { content(depth: depth + 1) }

    /// The datagram in it, if it holds no segment.
    package var datagram: UDPDatagram? {
        guard case .tcp(let datagram) = content(depth: depth + 1 + TunnelLayer.datagramDepth) else { return nil }
        return UDPDatagram(from: datagram.source, to: datagram.destination, payload: datagram.payload)
    }

    private func content(depth: Int) -> PacketContent {
        guard self.depth + 1 < TunnelLayer.deepestNesting else { return .other(.malformed) }
        let ip = IPPayload(
            network: identity.network, protocolNumber: protocolNumber, source: identity.source,
            destination: identity.destination, offset: 0, end: length)
        return identity.source.isIPv6
            ? IPv6Layer.payload(bytes.span.bytes, ip, depth: depth)
            : PacketDecoder.transport(bytes.span.bytes, ip, depth: depth)
    }

    /// What the first fragment of a packet shows of it.
    /// - Parameter captured: as much of the fragment's payload as the capture holds.
    package static func content(of first: IPFragment, _ captured: RawSpan) -> PacketContent {
        ReassembledPacket(
            bytes: [UInt8](captured), length: Int(UInt16.max), protocolNumber: first.protocolNumber,
            identity: first.identity, depth: Int(first.depth), conflict: nil
        ).content
    }

    /// Whether the checksum of the segment in it is right; `nil` where that cannot be told.
    var isIntact: Bool? {
        guard case .tcp(let segment) = content, TCPChecksum.isCovered(segment) else { return nil }
        return TCPChecksum.isRight(segment, in: bytes.span.bytes, addresses: TCPChecksum.addressSum(segment.key))
    }

    /// The same with other bytes.
    func with(_ bytes: [UInt8]) -> ReassembledPacket {
        ReassembledPacket(
            bytes: bytes, length: length, protocolNumber: protocolNumber, identity: identity, depth: depth,
            conflict: conflict)
    }
}
