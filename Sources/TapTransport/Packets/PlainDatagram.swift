import TapCore

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
        return bytes.uint8(at: 42) < 0xC0 || !QUICHeader.isKnown(version: bytes.uint32(at: 43))
    }
}
