/// Two copies of the same part of a stream that are not the same.
@usableFromInline
package struct ConflictingOverlap: Equatable, Sendable {
    /// Where the first byte lies that differs.
    @usableFromInline package let sequenceNumber: SequenceNumber
    /// The same as a place in the payload of the later copy.
    @usableFromInline package var offset: Int
    /// Bytes of the copy that came first, from there on.
    @usableFromInline package let first: [UInt8]
    /// Bytes of the later copy, from there on.
    @usableFromInline package let second: [UInt8]
    /// The packet that brought the first copy.
    @usableFromInline package let firstPacket: PacketNumber

    /// How many bytes of each copy are kept.
    package static let excerpt = 32

    /// Nothing where the copies are the same as far as both are there.
    /// - Parameter ahead: where the first copy begins, counted from the beginning of the second; it may lie before it.
    package init?(
        _ first: RawSpan, at ahead: Int, in firstPacket: PacketNumber, differsFrom second: RawSpan,
        at start: SequenceNumber
    ) {
        let known = first.from(-ahead)
        let repeated = second.from(ahead)
        let count = min(known.byteCount, repeated.byteCount)
        var place = 0
        while place + 8 <= count, known.word(at: place) == repeated.word(at: place) { place += 8 }
        while place < count, known.uint8(at: place) == repeated.uint8(at: place) { place += 1 }
        guard place < count else { return nil }
        let length = min(count - place, ConflictingOverlap.excerpt)
        offset = max(0, ahead) + place
        sequenceNumber = start.advanced(by: offset)
        self.first = [UInt8](known.from(place).upTo(length))
        self.second = [UInt8](repeated.from(place).upTo(length))
        self.firstPacket = firstPacket
    }
}
