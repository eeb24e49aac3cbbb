import TapBytes
import TapPackets

/// The segments of one direction that wait for a hole before them to be filled: in order, without overlaps.
@usableFromInline
package final class HeldSegments {
    /// The last first: what is taken lies at the end, and taking it moves nothing.
    private var segments: [HeldSegment] = []
    @usableFromInline package private(set) var cost = 0
    /// When the peer first acknowledged past the hole, and how many packets the flow has seen since.
    private var acknowledgedSince: Timestamp?
    private var packetsSince = 0

    package init() {}

    @usableFromInline package var first: HeldSegment? { segments.last }
    @usableFromInline package var isEmpty: Bool { segments.isEmpty }

    /// Keeps what is new of a segment: where bytes are held already, the first copy wins.
    ///
    /// - Parameter expected: the next byte to pass on. Places are compared by how far they lie ahead of it:
    ///   two of them that are more than half the circle apart could not be compared with each other.
    @usableFromInline
    package func insert(
        _ payload: RawSpan, length: Int, at start: SequenceNumber, after expected: SequenceNumber,
        in packet: PacketHeader
    ) {
        let ahead = expected.distance(to: start)
        var index = countOfSegments(endingBeyond: ahead, from: expected)
        var offset = 0
        while offset < length {
            var end = length
            var behind = length
            if index > 0 {
                end = expected.distance(to: segments[index - 1].sequenceNumber) - ahead
                behind = end + segments[index - 1].length
            }
            if end > offset {
                hold(payload, offset..<min(end, length), at: start.advanced(by: offset), in: packet, index: index)
            }
            offset = behind
            index -= 1
        }
    }

    /// Takes out the segments that follow `expected` without a hole, and those that lie before it.
    @usableFromInline
    package func takeContinuous(from expected: SequenceNumber) -> [HeldSegment] {
        var taken: [HeldSegment] = []
        var end = expected
        while let first, end.distance(to: first.sequenceNumber) <= 0 {
            if end.distance(to: first.end) > 0 { end = first.end }
            taken.append(first)
            cost -= first.cost
            segments.removeLast()
        }
        if !taken.isEmpty {
            acknowledgedSince = nil
            packetsSince = 0
        }
        return taken
    }

    /// Whether the peer's acknowledgment says that the bytes before the first held segment were delivered,
    /// and they have had the time to turn up late.
    @usableFromInline
    package func isHoleCertain(
        acknowledged: SequenceNumber, now: Timestamp, _ limits: StreamLimits
    ) -> Bool {
        guard let first, acknowledged.distance(to: first.sequenceNumber) <= 0 else { return false }
        guard let since = acknowledgedSince else {
            acknowledgedSince = now
            return false
        }
        packetsSince += 1
        return packetsSince >= limits.patiencePackets || now.since(since) >= limits.patienceTime
    }

    private func hold(
        _ payload: RawSpan, _ range: Range<Int>, at start: SequenceNumber, in packet: PacketHeader, index: Int
    ) {
        let captured = payload.from(range.lowerBound).upTo(range.count)
        let segment = HeldSegment(captured, length: range.count, at: start, in: packet)
        segments.insert(segment, at: index)
        cost += segment.cost
    }

    /// How many segments end beyond a place that lies `ahead` of `expected`.
    private func countOfSegments(endingBeyond ahead: Int, from expected: SequenceNumber) -> Int {
        var low = 0
        var high = segments.count
        while low < high {
            let middle = (low + high) / 2
            let segment = segments[middle]
            let end = expected.distance(to: segment.sequenceNumber) + segment.length
            if end > ahead { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
