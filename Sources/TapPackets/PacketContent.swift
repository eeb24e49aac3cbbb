/// What a packet turned out to hold.
@usableFromInline
package enum PacketContent: Equatable, Sendable {
    case tcp(TCPSegment)
    case fragment(IPFragment)
    case other(OtherPacket)
}
