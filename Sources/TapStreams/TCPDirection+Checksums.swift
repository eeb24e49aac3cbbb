import TapBytes
import TapPackets

/// Segments that were damaged on their way, which their receiver drops.
extension TCPDirection {
    /// Whether a segment is to be taken; what only acknowledges is looked at until it is known what to think of this
    /// direction.
    @inlinable
    mutating func isIntact(_ segment: borrowing TCPSegment, in bytes: RawSpan, addresses: UInt16) -> Bool {
        guard checksums.isVerifying else { return true }
        if segment.payloadLength == 0, checksums.right >= ChecksumTrust.probation,
            segment.flags.isSubset(of: [.ack, .psh])
        {
            return true
        }
        guard TCPChecksum.isCovered(segment) else { return true }
        guard TCPChecksum.isRight(segment, in: bytes, addresses: addresses) else {
            return isTakenNevertheless(segment, in: bytes)
        }
        checksums.noteRight(length: segment.payloadLength)
        return true
    }

    /// Whether a segment is certainly not as it was sent, without a note of it.
    func isCorrupt(_ segment: TCPSegment, in bytes: RawSpan, addresses: UInt16) -> Bool {
        checksums.isVerifying && checksums.right > 0 && TCPChecksum.isCovered(segment)
            && !TCPChecksum.isRight(segment, in: bytes, addresses: addresses)
            && !TCPChecksum.isLeftOpen(segment, in: bytes)
    }

    @usableFromInline
    mutating func isTakenNevertheless(_ segment: TCPSegment, in bytes: RawSpan) -> Bool {
        !checksums.noteWrong(
            length: segment.payloadLength, isLeftOpen: TCPChecksum.isLeftOpen(segment, in: bytes))
    }

    /// Keeps what a corrupt segment brought aside: if its receiver acknowledges it and no better copy comes, its
    /// checksum was wrong in the capture only.
    @usableFromInline
    mutating func refuse<Sink: StreamSink & ~Copyable>(
        _ segment: TCPSegment, _ bytes: RawSpan, on stream: StreamID, in packet: PacketHeader,
        _ budget: inout HeldBudget, to sink: inout Sink
    ) {
        let (found, computed) = TCPChecksum.values(segment, in: bytes)
        let fault = CorruptSegment(
            sequenceNumber: segment.sequenceNumber, length: segment.payloadLength, found: found, computed: computed)
        guard !hasEnded else { return }
        guard segment.payloadLength > 0, phase != .unseen, expected.distance(to: segment.payloadEnd) > 0 else {
            return sink.found(.corrupt(fault), on: stream, in: packet)
        }
        let refusal = RefusedSegment(
            segment: HeldSegment(
                bytes.extracting(segment.payload), length: segment.payloadLength, at: segment.payloadStart, in: packet),
            fault: fault)
        if held == nil { held = HeldSegments() }
        changeHeld(&budget) { $0.refuse(refusal) }
        boundHeld(on: stream, &budget, to: &sink)
    }

    /// Tells of the refused segments whose bytes have come in a better copy, or will not come any more.
    mutating func tellOfRefused(
        upTo end: SequenceNumber?, on stream: StreamID, _ budget: inout HeldBudget,
        to sink: inout some StreamSink & ~Copyable
    ) {
        for refusal in changeHeld(&budget, { $0.takeRefused(upTo: end) }) ?? [] where isWanted {
            sink.found(.corrupt(refusal.fault), on: stream, in: refusal.segment.packet)
        }
    }

    /// Takes a refused segment where the stream goes on with it and its receiver has acknowledged it: from then on, the
    /// checksums of this direction say nothing.
    mutating func takeAcknowledgedRefused(_ budget: inout HeldBudget) -> Bool {
        guard let acknowledged else { return false }
        let isTaken = changeHeld(&budget) { [expected] in $0.admitRefused(at: expected, acknowledged: acknowledged) }
        guard isTaken ?? false else { return false }
        checksums.giveUp()
        return true
    }
}
