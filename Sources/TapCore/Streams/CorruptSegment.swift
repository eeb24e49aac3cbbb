/// A segment that its receiver must have dropped, because its checksum is wrong. RFC 9293 §3.1.
@usableFromInline
package struct CorruptSegment: Equatable, Sendable {
    @usableFromInline package let sequenceNumber: SequenceNumber
    /// The payload's length in bytes.
    @usableFromInline package let length: Int
    /// The checksum in the packet.
    @usableFromInline package let found: UInt16
    /// The one that would be right.
    @usableFromInline package let computed: UInt16

    @usableFromInline
    package init(sequenceNumber: SequenceNumber, length: Int, found: UInt16, computed: UInt16) {
        self.sequenceNumber = sequenceNumber
        self.length = length
        self.found = found
        self.computed = computed
    }
}
