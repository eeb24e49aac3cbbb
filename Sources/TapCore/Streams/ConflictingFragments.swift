/// Two fragments that say of the same part of an IP packet what it holds, and not the same.
@usableFromInline
package struct ConflictingFragments: Equatable, Sendable {
    /// What the packets that brought them have in common.
    package let identification: UInt32
    /// Where in the IP packet's payload the first byte lies that differs.
    package let offset: Int
    /// Bytes of the fragment that came first, from there on.
    package let first: [UInt8]
    /// Bytes of the later one, from there on.
    package let second: [UInt8]
    /// The packet that brought the earlier one, and that of the later one.
    package let firstPacket: PacketNumber
    package let secondPacket: PacketNumber

    /// How many bytes of each are kept.
    package static let excerpt = 32

    package init(
        identification: UInt32, offset: Int, first: [UInt8], second: [UInt8], firstPacket: PacketNumber,
        secondPacket: PacketNumber
    ) {
        self.identification = identification
        self.offset = offset
        self.first = first
        self.second = second
        self.firstPacket = firstPacket
        self.secondPacket = secondPacket
    }
}
