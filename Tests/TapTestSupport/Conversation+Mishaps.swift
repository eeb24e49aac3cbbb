/// What a network or a capture does to the segments of a conversation.
extension [ScriptedSegment] {
    /// Moves each segment at most `distance` places; the first `count` stay where they are.
    package func shuffled(
        within distance: Int, keepingFirst count: Int, using generator: inout SeededGenerator
    ) -> [ScriptedSegment] {
        let keyed = dropFirst(count).enumerated().map { index, segment in
            (place: index + Int.random(in: 0...distance, using: &generator), index: index, segment: segment)
        }
        let sorted = keyed.sorted { ($0.place, $0.index) < ($1.place, $1.index) }
        return prefix(count) + sorted.map(\.segment)
    }

    /// Moves each segment at most `distance` places, but none before the SYN of its direction or that behind another.
    package func shuffledAfterStarts(
        within distance: Int, using generator: inout SeededGenerator
    ) -> [ScriptedSegment] {
        let keyed = enumerated().map { index, segment in
            let moves = segment.flags.contains(.syn) ? 0 : Int.random(in: 0...distance, using: &generator)
            return (place: index + moves, index: index, segment: segment)
        }
        return keyed.sorted { ($0.place, $0.index) < ($1.place, $1.index) }.map(\.segment)
    }

    /// Repeats some of the segments later on.
    package func duplicated(
        oneIn rate: Int, keepingFirst count: Int, using generator: inout SeededGenerator,
        where mayRepeat: (ScriptedSegment) -> Bool = { _ in true }
    ) -> [ScriptedSegment] {
        var result = self
        for segment in dropFirst(count) where mayRepeat(segment) && generator.oneIn(rate) {
            let earliest = (result.lastIndex(of: segment) ?? 0) + 1
            result.insert(segment, at: Int.random(in: earliest...result.count, using: &generator))
        }
        return result
    }

    /// Cuts some segments into several, and lets some of them overlap their neighbours by retransmitted bytes.
    package func resegmented(using generator: inout SeededGenerator) -> [ScriptedSegment] {
        flatMap { segment -> [ScriptedSegment] in
            guard segment.payload.count > 1, segment.capturedLength == segment.payload.count, !generator.oneIn(3)
            else { return [segment] }
            let cut = Int.random(in: 1..<segment.payload.count, using: &generator)
            let overlap = Int.random(in: 0...cut, using: &generator)
            let pieces = [segment.piece(0..<cut), segment.piece(cut - overlap..<segment.payload.count)]
            return generator.oneIn(4) ? pieces.reversed() : pieces
        }
    }

    /// The segments without some of those that carry payload only.
    package func dropped(oneIn rate: Int, using generator: inout SeededGenerator) -> [ScriptedSegment] {
        filter { $0.payload.isEmpty || !$0.flags.isDisjoint(with: [.syn, .fin, .rst]) || !generator.oneIn(rate) }
    }

    /// The segments as a capture holds them that keeps `count` bytes of each payload.
    package func cut(to count: Int) -> [ScriptedSegment] {
        map { segment in
            var segment = segment
            segment.capturedLength = Swift.min(count, segment.payload.count)
            return segment
        }
    }
}

extension ScriptedSegment {
    /// A part of the payload as a segment of its own; FIN stays with the last part.
    package func piece(_ range: Range<Int>) -> ScriptedSegment {
        var piece = self
        piece.sequenceNumber = sequenceNumber.advanced(by: range.lowerBound)
        piece.payload = Array(payload[range])
        piece.capturedLength = range.count
        if range.upperBound < payload.count { piece.flags.remove(.fin) }
        return piece
    }
}
