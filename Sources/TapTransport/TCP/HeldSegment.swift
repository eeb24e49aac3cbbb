import TapCore

/// A copy of payload that cannot be passed on yet, because bytes before it have not been seen.
///
/// A class, so that the segments behind a hole can be moved by the pointer.
@usableFromInline
package final class HeldSegment {
    @usableFromInline package let sequenceNumber: SequenceNumber
    /// The payload's length on the wire; `bytes` may hold fewer.
    @usableFromInline package let length: Int
    @usableFromInline package let bytes: [UInt8]
    @usableFromInline package let packet: PacketHeader
    /// What its sender had seen of its peer, where the capture holds less of that.
    package let acknowledged: SequenceNumber?

    @usableFromInline package var end: SequenceNumber { sequenceNumber.advanced(by: length) }

    /// What holding it costs, with the storage around it, so that a flood of tiny segments is bounded too.
    @usableFromInline package var cost: Int { bytes.count + 128 }

    /// Where the bytes of another segment that lie at the same place differ.
    func conflict(with payload: RawSpan, at start: SequenceNumber) -> ConflictingOverlap? {
        let bytes = bytes
        return ConflictingOverlap(
            bytes.span.bytes, at: start.distance(to: sequenceNumber), in: packet.number, differsFrom: payload, at: start
        )
    }

    package init(
        _ payload: RawSpan, length: Int, at sequenceNumber: SequenceNumber, acknowledging acknowledged: SequenceNumber?,
        in packet: PacketHeader
    ) {
        self.acknowledged = acknowledged
        self.sequenceNumber = sequenceNumber
        self.length = length
        self.bytes = [UInt8](payload)
        self.packet = packet
    }

    /// Whether nothing is missing before it, and its sender had seen no more than was passed on of the peer.
    func isReady(at expected: SequenceNumber, after peer: SequenceNumber?) -> Bool {
        guard expected.distance(to: sequenceNumber) <= 0 else { return false }
        guard let peer, let acknowledged else { return true }
        return peer.distance(to: acknowledged) <= 0
    }
}
