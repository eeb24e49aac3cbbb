/// What a packet turned out to hold.
package enum PacketContent: Equatable, Sendable {
    case tcp(TCPSegment)
    case other(OtherPacket)
}
