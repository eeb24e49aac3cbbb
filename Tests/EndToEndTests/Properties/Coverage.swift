import TapTestSupport

/// Which bytes of a stream there are.
struct Coverage {
    /// In order, none next to another.
    private(set) var ranges: [Range<Int>] = []

    init(_ parts: [Range<Int>] = []) {
        for part in parts.filter({ !$0.isEmpty }).sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = ranges.last, last.upperBound >= part.lowerBound {
                ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, part.upperBound)
            } else {
                ranges.append(part)
            }
        }
    }

    /// How many there are before `end`.
    func count(before end: Int) -> Int { ranges.reduce(0) { $0 + max(0, min($1.upperBound, end) - $1.lowerBound) } }

    func holds(_ range: Range<Int>) -> Bool {
        range.isEmpty || ranges.contains { $0.lowerBound <= range.lowerBound && range.upperBound <= $0.upperBound }
    }
}

extension ScriptedSegment {
    /// Where its payload lies in the stream of its direction, which begins behind the SYN that `dialogue` has.
    func range(in dialogue: RandomDialogue) -> Range<Int> {
        let start = dialogue.offset(of: sequenceNumber, from: sender)
        return start..<start + payload.count
    }
}
