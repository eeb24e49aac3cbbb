import TapTestSupport

/// The ways in which a capture lacks packets, or their ends.
enum PacketLoss: CaseIterable {
    case few, many, burst, single, direction, beginning, heads, snapLength

    func kept(_ segments: [ScriptedSegment], of capture: RandomCapture, _ generator: inout SeededGenerator)
        -> [ScriptedSegment]
    {
        let place = Int.random(in: 0..<segments.count, using: &generator)
        switch self {
        case .few: return segments.filter { _ in !generator.oneIn(40) }
        case .many: return segments.filter { _ in !generator.oneIn(5) }
        case .burst:
            let length = generator.magnitude(upTo: 40)
            return Array(segments[..<place] + segments[min(place + length, segments.count)...])
        case .single: return Array(segments[..<place] + segments[(place + 1)...])
        case .direction:
            let lost = segments[place].peer
            return segments.filter { $0.peer != lost }
        case .beginning: return Array(segments[place...])
        case .heads:
            return segments.filter { segment in
                !segment.holdsHead(in: capture) || !generator.oneIn(2)
            }
        case .snapLength: return segments.cut(to: generator.magnitude(upTo: 200))
        }
    }
}

extension ScriptedSegment {
    fileprivate func holdsHead(in capture: RandomCapture) -> Bool {
        guard let dialogue = capture.dialogue(at: clientPort), !payload.isEmpty else { return false }
        return range(in: dialogue).lowerBound < dialogue.headEnds[sender] ?? 0
    }
}
