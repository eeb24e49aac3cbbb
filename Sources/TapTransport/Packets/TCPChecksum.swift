import TapCore

/// The checksum over a TCP segment and its pseudo-header. RFC 9293 §3.1, RFC 1071.
///
/// In a capture of one's own machine it is often wrong, because the network card computes it later on: then it is
/// zero, or the sum over the pseudo-header only.
@usableFromInline
package enum TCPChecksum {
    /// Whether the capture holds all that the checksum covers.
    @inlinable
    package static func isCovered(_ segment: borrowing TCPSegment) -> Bool {
        guard segment.end &- segment.start == segment.length else { return false }
        return segment.headerLength >= 20
    }

    /// Whether the checksum is right; the segment must be covered.
    /// - Parameter addresses: the ``addressSum(_:)`` of its flow.
    @inlinable
    package static func isRight(_ segment: borrowing TCPSegment, in packet: RawSpan, addresses: UInt16) -> Bool {
        let covered = packet.extracting(segment.headerStart..<segment.payload.upperBound)
        // The pseudo-header in the order of bytes in memory, as the sum is; the length in a word of 32 bits. RFC 8200 §8.1.
        let pseudoHeader =
            UInt64(addresses.byteSwapped) &+ 0x0600 &+ UInt64(UInt32(truncatingIfNeeded: covered.byteCount).byteSwapped)
        return (halves(covered.sumOfWords) &+ pseudoHeader) % 0xFFFF == 0
    }

    /// What both addresses add to the checksums of either direction.
    ///
    /// An IPv4 address stands in the last 32 bits, and the 16 set bits before it add nothing to a sum of this kind.
    package static func addressSum(_ key: FlowKey) -> UInt16 {
        let (first, second) = (key.first.address, key.second.address)
        return folded(halves(first.high) + halves(first.low) + halves(second.high) + halves(second.low))
    }

    /// The checksum that the packet holds, and the right one.
    package static func values(_ segment: TCPSegment, in packet: RawSpan) -> (found: UInt16, computed: UInt16) {
        let found = packet.uint16(at: segment.headerStart + 16)
        let sum = packet.extracting(segment.headerStart..<segment.payload.upperBound).sumOfWords
        // The complement takes the field itself out of the sum.
        return (found, ~folded(UInt64(folded(sum).byteSwapped) + pseudoHeader(segment) + UInt64(~found)))
    }

    /// Whether the field was left for the network card to fill in: zero, or the sum over the pseudo-header, to which
    /// segmentation offload adds no length.
    package static func isLeftOpen(_ segment: TCPSegment, in packet: RawSpan) -> Bool {
        let found = packet.uint16(at: segment.headerStart + 16)
        let sum = pseudoHeader(segment)
        return found == 0 || found == folded(sum) || found == folded(sum - length(segment))
    }

    private static func pseudoHeader(_ segment: TCPSegment) -> UInt64 {
        UInt64(addressSum(segment.key)) + 6 + length(segment)
    }

    private static func length(_ segment: TCPSegment) -> UInt64 {
        UInt64(clamping: segment.payload.upperBound - segment.headerStart)
    }

    @inlinable
    static func halves(_ word: UInt64) -> UInt64 { word >> 32 + word & 0xFFFF_FFFF }

    /// The sum of the four 16-bit parts, with each carry added again.
    @inlinable
    static func folded(_ sum: UInt64) -> UInt16 {
        var sum = halves(sum)
        while sum > 0xFFFF { sum = sum >> 16 + sum & 0xFFFF }
        return UInt16(truncatingIfNeeded: sum)
    }
}
