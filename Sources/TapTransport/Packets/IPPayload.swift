import TapCore

/// What an IP header says of the packet's payload.
@usableFromInline
struct IPPayload {
    @usableFromInline let network: NetworkID
    @usableFromInline let protocolNumber: UInt8
    @usableFromInline let source: IPAddress
    @usableFromInline let destination: IPAddress
    /// Where the payload begins in the packet.
    @usableFromInline let offset: Int
    /// Where it ends on the wire; padding of the link layer lies beyond. The capture may end before.
    @usableFromInline let end: Int

    @inlinable
    init(
        network: NetworkID, protocolNumber: UInt8, source: IPAddress, destination: IPAddress, offset: Int, end: Int
    ) {
        self.network = network
        self.protocolNumber = protocolNumber
        self.source = source
        self.destination = destination
        self.offset = offset
        self.end = end
    }

    /// The same from `offset` on, which a header before it names as `protocolNumber`.
    func from(_ offset: Int, _ protocolNumber: UInt8) -> IPPayload {
        IPPayload(
            network: network, protocolNumber: protocolNumber, source: source, destination: destination, offset: offset,
            end: end)
    }
}
