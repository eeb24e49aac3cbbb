import TapCore
import TapTestSupport

/// What may become of segments without a byte or an acknowledgment being lost.
extension [ScriptedSegment] {
    /// Cut, joined, sent twice, in another order, and with keep-alives between them.
    func mangledWithoutLoss(_ generator: inout SeededGenerator) -> [ScriptedSegment] {
        var result = generator.oneIn(3) ? self : resegmented(using: &generator)
        if generator.oneIn(2) { result = result.joined(oneIn: 2, &generator) }
        let distance = Int.random(in: 0...7, using: &generator)
        let late = generator.oneIn(3) ? 60 : 0
        result = result.reordered(within: distance, late: late, copiesOneIn: generator.oneIn(3) ? 4 : 50, &generator)
        return generator.oneIn(2) ? result.withKeepAlives(oneIn: 10, &generator) : result
    }

    /// Joins segments that follow each other and acknowledge the same.
    private func joined(oneIn rate: Int, _ generator: inout SeededGenerator) -> [ScriptedSegment] {
        var result: [ScriptedSegment] = []
        for segment in self {
            guard let last = result.last, last.continues(into: segment), generator.oneIn(rate) else {
                result.append(segment)
                continue
            }
            result[result.count - 1].payload += segment.payload
            result[result.count - 1].capturedLength += segment.payload.count
            result[result.count - 1].flags.formUnion(segment.flags)
        }
        return result
    }

    /// Moves segments, some of them far, but none before the SYN of its direction or that behind another; and adds copies.
    private func reordered(
        within distance: Int, late: Int, copiesOneIn rate: Int, _ generator: inout SeededGenerator
    ) -> [ScriptedSegment] {
        var keyed: [(place: Int, order: Int, segment: ScriptedSegment)] = []
        for (index, segment) in enumerated() {
            let reach = late > 0 && generator.oneIn(40) ? late : distance
            let moves = segment.flags.contains(.syn) ? 0 : Int.random(in: 0...reach, using: &generator)
            keyed.append((index + moves, keyed.count, segment))
            // Copies of a SYN and of its answer, behind the end, are a new connection with the same numbers, for all that
            // one can tell.
            guard !segment.flags.contains(.syn), generator.oneIn(rate) else { continue }
            keyed.append(
                (
                    Int.random(in: index + moves...Swift.max(index + moves, count), using: &generator), keyed.count,
                    segment
                ))
        }
        return keyed.sorted { ($0.place, $0.order) < ($1.place, $1.order) }.map(\.segment)
    }

    /// Adds probes that repeat the last byte that was acknowledged, or have another in its place. RFC 9293 §3.8.4.
    private func withKeepAlives(oneIn rate: Int, _ generator: inout SeededGenerator) -> [ScriptedSegment] {
        var watched: [SendingPeer: Watched] = [:]
        var result: [ScriptedSegment] = []
        for segment in self {
            result.append(segment)
            watched[segment.peer, default: Watched()].note(segment)
            guard let mine = watched[segment.peer],
                let other = watched[SendingPeer(port: segment.clientPort, sender: segment.sender.peer)],
                let probe = mine.keepAlive(of: segment, acknowledgedBy: other, garbage: generator.oneIn(2)),
                generator.oneIn(rate)
            else { continue }
            result.append(probe)
            result.append(other.answer(to: probe))
        }
        return result
    }
}

/// What a capture has shown of one direction so far.
private struct Watched {
    private var first: SequenceNumber?
    private var parts: [Range<Int>] = []
    private var isOver = false
    private(set) var acknowledged: SequenceNumber?

    mutating func note(_ segment: ScriptedSegment) {
        if segment.flags.contains(.syn) { first = segment.sequenceNumber.advanced(by: 1) }
        if !segment.flags.isDisjoint(with: [.fin, .rst]) { isOver = true }
        if segment.flags.contains(.ack), (acknowledged?.distance(to: segment.acknowledgmentNumber) ?? 1) > 0 {
            acknowledged = segment.acknowledgmentNumber
        }
        guard let first, !segment.payload.isEmpty else { return }
        let start = first.distance(to: segment.sequenceNumber)
        parts = Coverage(parts + [start..<start + segment.payload.count]).ranges
    }

    /// The next number, where all bytes before are there.
    private var next: SequenceNumber? {
        guard parts.count == 1, parts[0].lowerBound == 0 else { return nil }
        return first?.advanced(by: parts[0].upperBound)
    }

    func keepAlive(of segment: ScriptedSegment, acknowledgedBy other: Watched, garbage: Bool) -> ScriptedSegment? {
        guard !isOver, !other.isOver, let next, other.acknowledged == next, let acknowledged else { return nil }
        var probe = segment
        probe.sequenceNumber = next.advanced(by: -1)
        probe.acknowledgmentNumber = acknowledged
        probe.flags = [.ack]
        probe.payload = garbage ? [0] : []
        probe.capturedLength = probe.payload.count
        return probe
    }

    /// What the other peer, of which this is the direction, says to a probe.
    func answer(to probe: ScriptedSegment) -> ScriptedSegment {
        var answer = probe
        (answer.source, answer.destination) = (probe.destination, probe.source)
        answer.sender = probe.sender.peer
        answer.sequenceNumber = probe.acknowledgmentNumber
        answer.acknowledgmentNumber = probe.sequenceNumber.advanced(by: 1)
        answer.payload = []
        answer.capturedLength = 0
        return answer
    }
}

extension ScriptedSegment {
    /// Whether `next` goes on where it ends, and says nothing else.
    fileprivate func continues(into next: ScriptedSegment) -> Bool {
        peer == next.peer && !payload.isEmpty && !next.payload.isEmpty && capturedLength == payload.count
            && flags.isDisjoint(with: [.syn, .fin, .rst]) && next.flags.isDisjoint(with: [.syn, .rst])
            && checksum == next.checksum && checksum != .wrong && next.capturedLength == next.payload.count
            && acknowledgmentNumber == next.acknowledgmentNumber && payload.count + next.payload.count <= 65_000
            && sequenceNumber.advanced(by: payload.count) == next.sequenceNumber
    }
}
