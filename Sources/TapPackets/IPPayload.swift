/// What an IP header says of the packet's payload.
@usableFromInline
struct IPPayload {
    @usableFromInline let protocolNumber: UInt8
    @usableFromInline let source: IPAddress
    @usableFromInline let destination: IPAddress
    /// Where the payload begins in the packet.
    @usableFromInline let offset: Int
    /// Where it ends on the wire; padding of the link layer lies beyond. The capture may end before.
    @usableFromInline let end: Int

    @inlinable
    init(protocolNumber: UInt8, source: IPAddress, destination: IPAddress, offset: Int, end: Int) {
        self.protocolNumber = protocolNumber
        self.source = source
        self.destination = destination
        self.offset = offset
        self.end = end
    }
}
