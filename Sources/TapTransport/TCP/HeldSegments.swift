import TapCore

/// The segments of one direction that wait for a hole before them to be filled: in order, without overlaps; and those
/// that are not believed.
@usableFromInline
package final class HeldSegments {
    /// The last first: what is taken lies at the end, and taking it moves nothing.
    private var segments: [HeldSegment] = []
    private var refused: [RefusedSegment] = []
    /// Whether there are segments that were not captured to their ends: what is missing of them is a segment without bytes.
    private var hasCut = false
    @usableFromInline package private(set) var cost = 0
    /// When the peer first acknowledged past the hole, and how much was held then.
    private var acknowledgedSince: (time: Timestamp, cost: Int)?

    package init() {}

    @usableFromInline package var first: HeldSegment? { segments.last }
    @usableFromInline package var last: HeldSegment? { segments.first }
    @usableFromInline package var isEmpty: Bool { segments.isEmpty && refused.isEmpty }
    package var count: Int { segments.count + refused.count }

    /// Keeps what is new of a segment: where bytes are held already, the first copy wins. Answers where they differ.
    ///
    /// - Parameter expected: the next byte to pass on. Places are compared by how far they lie ahead of it:
    ///   two of them that are more than half the circle apart could not be compared with each other.
    @usableFromInline
    package func insert(
        _ payload: RawSpan, length: Int, at start: SequenceNumber, acknowledging acknowledged: SequenceNumber?,
        after expected: SequenceNumber, in packet: PacketHeader
    ) -> ConflictingOverlap? {
        var conflict: ConflictingOverlap?
        let ahead = expected.distance(to: start)
        if hasCut { uncover(ahead..<ahead + min(length, payload.byteCount), from: expected) }
        var index = countOfSegments(endingBeyond: ahead, from: expected)
        var offset = 0
        while offset < length {
            var end = length
            var behind = length
            if index > 0 {
                if length > 1, segments[index - 1].length == 1,
                    expected.distance(to: segments[index - 1].sequenceNumber) - ahead == length - 1
                {
                    // It may be a keep-alive probe, whose byte is garbage. RFC 9293 §3.8.4.
                    cost -= segments.remove(at: index - 1).cost
                    index -= 1
                    continue
                }
                end = expected.distance(to: segments[index - 1].sequenceNumber) - ahead
                behind = end + segments[index - 1].length
                if conflict == nil, length > 1 { conflict = segments[index - 1].conflict(with: payload, at: start) }
            }
            if end > offset {
                let place = offset..<min(end, length)
                let captured = payload.from(place.lowerBound).upTo(place.count)
                let isCut = captured.byteCount < place.count
                let whole = HeldSegment(
                    captured, length: isCut ? captured.byteCount : place.count, at: start.advanced(by: offset),
                    acknowledging: acknowledged, in: packet)
                if whole.length > 0 { add(whole, at: index) }
                if isCut {
                    hasCut = true
                    let rest = HeldSegment(
                        captured.upTo(0), length: place.count - whole.length, at: whole.end,
                        acknowledging: acknowledged, in: packet)
                    add(rest, at: index)
                }
            }
            offset = behind
            index -= 1
        }
        return conflict
    }

    private func add(_ segment: HeldSegment, at index: Int) {
        segments.insert(segment, at: index)
        cost += segment.cost
    }

    /// Makes room for captured bytes where others were not captured of segments that are held.
    private func uncover(_ captured: Range<Int>, from expected: SequenceNumber) {
        for index in segments.indices.reversed() where segments[index].bytes.isEmpty {
            let cut = segments[index]
            let start = expected.distance(to: cut.sequenceNumber)
            guard start < captured.upperBound, captured.lowerBound < start + cut.length else { continue }
            cost -= segments.remove(at: index).cost
            // The later one comes first, as all do.
            let rests = [(captured.upperBound, start + cut.length), (start, captured.lowerBound)]
            for (place, rest) in rests.filter({ $0.0 < $0.1 }).enumerated() {
                add(
                    HeldSegment(
                        RawSpan(), length: rest.1 - rest.0, at: expected.advanced(by: rest.0),
                        acknowledging: cut.acknowledged, in: cut.packet), at: index + place)
            }
        }
    }

    /// Takes out the segments that follow `expected` without a hole, and those that lie before it; up to one that was sent
    /// after bytes of the peer that were not passed on yet.
    /// - Parameters:
    ///   - peer: the next byte of the peer to pass on; `nil` where it does not matter.
    ///   - most: how many to take at most.
    @usableFromInline
    package func takeContinuous(
        from expected: SequenceNumber, peer: SequenceNumber?, most: Int = .max
    ) -> [HeldSegment] {
        var taken: [HeldSegment] = []
        var end = expected
        while taken.count < most, let first, first.isReady(at: end, after: peer) {
            if end.distance(to: first.end) > 0 { end = first.end }
            taken.append(first)
            cost -= first.cost
            segments.removeLast()
        }
        if !taken.isEmpty { acknowledgedSince = nil }
        return taken
    }

    /// The packet of the first segment, where nothing keeps it from being passed on.
    func readyPacket(at expected: SequenceNumber, after peer: SequenceNumber?) -> PacketNumber? {
        guard let first, first.isReady(at: expected, after: peer) else { return nil }
        return first.packet.number
    }

    /// Whether nothing is missing before the first segment: it waits for its peer only.
    func isContinuous(at expected: SequenceNumber) -> Bool {
        first.map { expected.distance(to: $0.sequenceNumber) <= 0 } ?? false
    }

    /// Whether the first segment has waited for its peer as long as it may.
    func isOverdue(at expected: SequenceNumber, now: Timestamp, _ limits: StreamLimits) -> Bool {
        guard let first, isContinuous(at: expected) else { return false }
        return now.since(first.packet.timestamp) >= limits.patienceTime || cost >= limits.patienceBytes
    }

    /// Whether the peer's acknowledgment says that the bytes before the first held segment were delivered,
    /// and they have had the time to turn up late.
    @usableFromInline
    package func isHoleCertain(
        at expected: SequenceNumber, acknowledged: SequenceNumber, now: Timestamp, _ limits: StreamLimits
    ) -> Bool {
        let isBehindHole = first.map { acknowledged.distance(to: $0.sequenceNumber) <= 0 } ?? false
        guard isBehindHole || placeOfRefused(at: expected, acknowledged: acknowledged) != nil else { return false }
        guard let since = acknowledgedSince else {
            acknowledgedSince = (now, cost)
            return false
        }
        return cost - since.cost >= limits.patienceBytes || now.since(since.time) >= limits.patienceTime
    }

    func refuse(_ refusal: RefusedSegment) {
        refused.append(refusal)
        cost += refusal.segment.cost
    }

    /// Takes out the refused segments that end at or before a place, or all of them.
    func takeRefused(upTo end: SequenceNumber?) -> [RefusedSegment] {
        guard !refused.isEmpty else { return [] }
        let isTaken = { (refusal: RefusedSegment) in end.map { refusal.segment.end.distance(to: $0) >= 0 } ?? true }
        let taken = refused.filter(isTaken)
        refused.removeAll(where: isTaken)
        cost -= taken.reduce(0) { $0 + $1.segment.cost }
        return taken
    }

    /// Puts the refused segment that continues the stream among the others, where its receiver acknowledged it;
    /// answers which that was.
    func admitRefused(at expected: SequenceNumber, acknowledged: SequenceNumber) -> RefusedSegment? {
        guard let place = placeOfRefused(at: expected, acknowledged: acknowledged) else { return nil }
        let refusal = refused.remove(at: place)
        let segment = refusal.segment
        cost -= segment.cost
        let old = segment.sequenceNumber.distance(to: expected)
        let bytes = segment.bytes
        _ = insert(
            bytes.span.bytes.from(old), length: segment.length - old, at: expected,
            acknowledging: segment.acknowledged, after: expected, in: segment.packet)
        return refusal
    }

    private func placeOfRefused(at expected: SequenceNumber, acknowledged: SequenceNumber) -> Int? {
        refused.firstIndex { refusal in
            expected.distance(to: refusal.segment.sequenceNumber) <= 0
                && expected.distance(to: refusal.segment.end) > 0
                && acknowledged.distance(to: refusal.segment.end) <= 0
        }
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

/// A segment that is not believed, kept until it is clear what its receiver made of it.
struct RefusedSegment {
    let segment: HeldSegment
    /// What is reported where it is not taken in the end.
    let fault: SegmentAnomaly?

    var isCorrupt: Bool {
        guard case .corrupt? = fault else { return false }
        return true
    }
}
