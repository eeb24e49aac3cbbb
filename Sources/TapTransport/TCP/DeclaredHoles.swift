import TapCore

/// The holes that were reported last, in all flows together: bytes that come afterwards were late, not missing.
struct DeclaredHoles {
    private struct Hole {
        let stream: StreamID
        var start: SequenceNumber
        var length: Int
    }

    /// The oldest first.
    private var holes: [Hole] = []
    /// More than twice so many are not worth the time of looking through them.
    private static let limit = 128

    mutating func note(_ start: SequenceNumber, length: Int, on stream: StreamID) {
        holes.append(Hole(stream: stream, start: start, length: length))
        bound()
    }

    /// Answers how many bytes of a segment lie in holes, which are smaller from then on.
    mutating func fill(_ start: SequenceNumber, length: Int, on stream: StreamID) -> Int {
        var filled = 0
        var left: [Hole] = []
        holes.removeAll { hole in
            guard hole.stream == stream else { return false }
            let ahead = hole.start.distance(to: start)
            let (from, to) = (max(0, ahead), min(hole.length, ahead + length))
            guard from < to else { return false }
            filled += to - from
            if from > 0 { left.append(Hole(stream: stream, start: hole.start, length: from)) }
            if to < hole.length {
                left.append(Hole(stream: stream, start: hole.start.advanced(by: to), length: hole.length - to))
            }
            return true
        }
        holes += left
        bound()
        return filled
    }

    private mutating func bound() {
        if holes.count > 2 * DeclaredHoles.limit { holes.removeFirst(holes.count - DeclaredHoles.limit) }
    }

    /// The flow is over; another may take its place.
    mutating func forget(_ flow: FlowID) { holes.removeAll { $0.stream.flow == flow } }
}
