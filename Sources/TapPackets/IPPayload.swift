/// What an IP header says of the packet's payload.
struct IPPayload {
    let protocolNumber: UInt8
    let source: IPAddress
    let destination: IPAddress
    /// Where the payload begins in the packet.
    let offset: Int
    /// Where it ends on the wire; padding of the link layer lies beyond. The capture may end before.
    let end: Int
}
