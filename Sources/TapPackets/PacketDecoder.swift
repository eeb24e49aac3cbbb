import TapBytes

/// Finds the TCP segment in a packet. A pure function: it remembers nothing and never traps, whatever the bytes are.
@usableFromInline
package enum PacketDecoder {
    @inlinable
    @inline(__always)
    package static func decode(_ bytes: RawSpan, _ header: PacketHeader) -> PacketContent {
        switch LinkLayer.networkLayer(of: bytes, header.linkType) {
        case .ipv4(let offset): IPv4Layer.decode(bytes, at: offset, wireLength: header.originalLength)
        case .ipv6(let offset): IPv6Layer.decode(bytes, at: offset, wireLength: header.originalLength)
        case .other(let kind): .other(kind)
        }
    }

    /// What an IP packet carries, by its protocol number. `end` is where the payload ends on the wire, as an offset.
    @inlinable
    @inline(__always)
    static func transport(_ bytes: RawSpan, _ ip: IPPayload) -> PacketContent {
        switch ip.protocolNumber {
        case 6: TCPLayer.decode(bytes, ip)
        case 17: .other(.udp)
        case 1, 58: .other(.icmp)
        case 132: .other(.sctp)
        default: .other(.otherIP)
        }
    }
}
