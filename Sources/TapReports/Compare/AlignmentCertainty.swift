import TapWebSocket

/// Which steps of an alignment are certain where the captures have holes and messages repeat.
///
/// A message that is there once in both captures is the same in both. Between two of those, or before the first and behind the last,
/// nothing is certain of messages that repeat as soon as either capture has a hole there: what stands beside the hole in one may
/// have been said before it in the other. Only what both have from a whole end on is one, a message after the other.
struct AlignmentCertainty {
    /// What is known of where a step stands.
    struct Step {
        /// Whether the first capture has all that was said about there, and the second.
        fileprivate(set) var isFirstWhole = true
        fileprivate(set) var isSecondWhole = true
        /// Whether a message of both is one for certain.
        fileprivate(set) var isOne = true

        var areBothWhole: Bool { isFirstWhole && isSecondWhole }
    }

    private(set) var steps: [Step] = []

    /// Steps between two messages that are certain, and how many messages of each capture stand before them.
    private struct Region {
        var steps = 0..<0
        var places = 0...0
        var otherPlaces = 0...0
    }

    init(_ alignment: MessageAlignment, _ first: ComparedDirection, _ second: ComparedDirection) {
        steps = Array(repeating: Step(), count: alignment.steps.count)
        guard !first.holes.isEmpty || !second.holes.isEmpty else { return }
        let (counts, others) = (first.counts, second.counts)
        var region = Region()
        for (index, step) in alignment.steps.enumerated() {
            guard case .both(let place, let other) = step, let hash = first.messages[place].onlyHash(counts),
                others[hash] == 1
            else { continue }
            region.steps = region.steps.lowerBound..<index
            region.places = region.places.lowerBound...place
            region.otherPlaces = region.otherPlaces.lowerBound...other
            judge(region, alignment, first, second)
            region = Region(
                steps: index + 1..<index + 1, places: place + 1...place + 1, otherPlaces: other + 1...other + 1)
        }
        region.steps = region.steps.lowerBound..<alignment.steps.count
        region.places = region.places.lowerBound...first.messages.count
        region.otherPlaces = region.otherPlaces.lowerBound...second.messages.count
        judge(region, alignment, first, second)
    }

    private mutating func judge(
        _ region: Region, _ alignment: MessageAlignment, _ first: ComparedDirection, _ second: ComparedDirection
    ) {
        let (isWhole, isOtherWhole) = (first.isWhole(region.places), second.isWhole(region.otherPlaces))
        guard !isWhole || !isOtherWhole else { return }
        for index in region.steps {
            steps[index] = Step(isFirstWhole: isWhole, isSecondWhole: isOtherWhole, isOne: false)
        }
        for index in region.steps {
            guard case .both(let place, let other) = alignment.steps[index],
                first.isWhole(region.places.lowerBound...place),
                second.isWhole(region.otherPlaces.lowerBound...other)
            else { break }
            steps[index].isOne = true
        }
        for index in region.steps.reversed() {
            guard case .both(let place, let other) = alignment.steps[index],
                first.isWhole(place + 1...region.places.upperBound),
                second.isWhole(other + 1...region.otherPlaces.upperBound)
            else { break }
            steps[index].isOne = true
        }
    }
}

extension ComparedMessage {
    /// Its hash, where nothing else says the same.
    fileprivate func onlyHash(_ counts: [UInt64: Int]) -> UInt64? { counts[hash] == 1 ? hash : nil }
}
