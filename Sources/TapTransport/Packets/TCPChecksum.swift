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
        guard segment.payload.count == segment.payloadLength else { return false }
        return segment.headerStart + 20 <= segment.payload.lowerBound
    }

    /// Whether the checksum is right; the segment must be covered.
    /// - Parameter addresses: the ``addressSum(_:)`` of its flow.
    @inlinable
    package static func isRight(_ segment: borrowing TCPSegment, in packet: RawSpan, addresses: UInt16) -> Bool {
        let covered = packet.extracting(segment.headerStart..<segment.payload.upperBound)
        let sum = UInt64(folded(covered.sumOfWords).byteSwapped)
        return folded(sum + UInt64(addresses) + 6 + UInt64(clamping: covered.byteCount)) == 0xFFFF
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

extension RawSpan {
    /// What the ones' complement sum of its 16-bit words folds from, as they lie in memory: the order of bytes makes
    /// no difference to it but that of the result. RFC 1071 §2. There must be eight bytes.
    @inlinable
    var sumOfWords: UInt64 {
        let count = byteCount
        var sum: UInt64 = 0
        var offset = 0
        while offset &+ 32 <= count {
            let end = min(count, offset &+ RawSpan.longestBlock)
            sum &+= sumOfBlock(from: &offset, to: end)
        }
        while offset &+ 8 <= count {
            sum &+= TCPChecksum.halves(word(at: offset))
            offset &+= 8
        }
        guard offset < count else { return sum }
        // The bytes that are left are the last ones of the last eight.
        return sum
            &+ TCPChecksum.halves(word(at: count &- 8) &>> UInt64(truncatingIfNeeded: 64 &- (count &- offset) &* 8))
    }

    /// How many bytes can be summed up before the sums below overflow: 256 words in each of four lanes.
    @inlinable static var longestBlock: Int { 8_192 }

    /// Without a carry to look after: the words without their last eight bits cannot overflow, and what those bits add
    /// up to is the difference to the sum of the whole words, which may.
    @inlinable
    @inline(__always)
    func sumOfBlock(from offset: inout Int, to end: Int) -> UInt64 {
        var (whole, shifted) = (SIMD4<UInt64>.zero, SIMD4<UInt64>.zero)
        while offset &+ 32 <= end {
            let words = fourWords(at: offset)
            whole &+= words
            shifted &+= words &>> 8
            offset &+= 32
        }
        let low = whole &- shifted &<< 8
        let high = (shifted &>> 32) &+ (shifted & SIMD4(repeating: 0xFFFF_FFFF))
        return low.wrappedSum() &+ high.wrappedSum() &<< 8
    }
}
