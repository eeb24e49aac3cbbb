/// What a capture says of a packet beside its bytes.
public struct PacketHeader: Equatable, Sendable {
    public var number: PacketNumber
    public var timestamp: Timestamp
    /// The packet's length on the wire in bytes; the capture may hold fewer of them.
    public var originalLength: Int
    /// The last of the properties, so that an optional header fits into registers.
    public var linkType: LinkType

    @inlinable
    public init(number: PacketNumber, timestamp: Timestamp, linkType: LinkType, originalLength: Int) {
        self.number = number
        self.timestamp = timestamp
        self.linkType = linkType
        self.originalLength = originalLength
    }
}
