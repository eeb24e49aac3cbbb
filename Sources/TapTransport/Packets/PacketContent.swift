import TapCore

/// What a packet turned out to hold.
@usableFromInline
package enum PacketContent: Equatable, Sendable {
    case tcp(TCPSegment)
    case fragment(IPFragment)
    /// A datagram of QUIC that names its version, between these endpoints.
    case quic(FlowKey)
    case other(OtherPacket)
}
