import TapCore

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

    /// Keeps what a corrupt segment brought aside.
    @usableFromInline
    mutating func refuseCorrupt<Sink: StreamSink & ~Copyable>(
        _ segment: TCPSegment, _ bytes: RawSpan, on stream: StreamID, in packet: PacketHeader,
        _ budget: inout HeldBudget, to sink: inout Sink
    ) {
        let (found, computed) = TCPChecksum.values(segment, in: bytes)
        let fault = CorruptSegment(
            sequenceNumber: segment.sequenceNumber, length: segment.payloadLength, found: found, computed: computed)
        refuse(segment, bytes, .corrupt(fault), on: stream, in: packet, &budget, to: &sink)
    }

    /// Keeps what a segment brought aside that its receiver would not take; without a reason it may be another connection's.
    @usableFromInline
    mutating func refuse<Sink: StreamSink & ~Copyable>(
        _ segment: TCPSegment, _ bytes: RawSpan, because reason: IgnoredSegment.Reason?, on stream: StreamID,
        in packet: PacketHeader, _ budget: inout HeldBudget, to sink: inout Sink
    ) {
        let fault = reason.map { IgnoredSegment(segment, because: $0, after: expected) }
        refuse(segment, bytes, fault.map(SegmentAnomaly.ignored), on: stream, in: packet, &budget, to: &sink)
    }

    /// Keeps what a segment brought aside: if its receiver acknowledges it and no better copy comes, it was taken all the
    /// same, as with a checksum that is wrong in the capture only.
    private mutating func refuse(
        _ segment: TCPSegment, _ bytes: RawSpan, _ fault: SegmentAnomaly?, on stream: StreamID, in packet: PacketHeader,
        _ budget: inout HeldBudget, to sink: inout some StreamSink & ~Copyable
    ) {
        guard !hasEnded else { return }
        guard segment.payloadLength > 0, phase != .unseen, expected.distance(to: segment.payloadEnd) > 0 else {
            if let fault { sink.found(fault, on: stream, in: packet) }
            return
        }
        let refusal = RefusedSegment(
            segment: HeldSegment(
                bytes.extracting(segment.payload), length: segment.payloadLength, at: segment.payloadStart,
                acknowledging: nil, in: packet),
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
            if let fault = refusal.fault { sink.found(fault, on: stream, in: refusal.segment.packet) }
        }
    }

    /// Takes a refused segment where the stream goes on with it and its receiver has acknowledged it: from then on, the
    /// checksums of this direction say nothing.
    mutating func takeAcknowledgedRefused(_ budget: inout HeldBudget) -> Bool {
        guard let acknowledged else { return false }
        let taken = changeHeld(&budget) { [expected] in $0.admitRefused(at: expected, acknowledged: acknowledged) }
        guard let taken else { return false }
        if taken.isCorrupt { checksums.giveUp() }
        return true
    }
}
