import TapWebSocket

/// What became of the messages of one peer between two captures.
struct DirectionComparison {
    private(set) var pairs: [ComparedPair] = []
    private let first: ComparedDirection
    private let second: ComparedDirection
    private let way: Way
    private let slow: Int64

    /// Messages of one side only, between two that both have.
    private struct Gap {
        var first: [Int] = []
        var second: [Int] = []
        var known = AlignmentCertainty.Step()
    }

    init(
        _ first: ComparedDirection, _ second: ComparedDirection, _ alignment: MessageAlignment, _ way: Way, slow: Int64
    ) {
        (self.first, self.second) = (first, second)
        self.way = way
        self.slow = slow
        var gaps: [Gap] = []
        var gap = Gap()
        for (step, known) in zip(alignment.steps, AlignmentCertainty(alignment, first, second).steps) {
            switch step {
            case .both(let one, let partner):
                gaps.append(gap)
                gap = Gap()
                add(one, partner, [], isOne: known.isOne)
            case .first(let one):
                gap.first.append(one)
                gap.known = known
            case .second(let partner):
                gap.second.append(partner)
                gap.known = known
            }
        }
        gaps.append(gap)
        addRest(of: gaps)
    }

    /// A message that stands in both.
    /// - Parameter isOne: whether it is one for certain: else nothing is said of what became of it.
    private mutating func add(_ place: Int, _ partner: Int, _ found: [ComparedPair.Change], isOne: Bool = true) {
        let (one, other) = (first.messages[place], second.messages[partner])
        let delay = isOne ? way.delay(one, other) : nil
        var changes = found
        if let delay, delay >= slow { changes.append(.delayed) }
        if isOne, one.isSame(as: other) {
            let (before, after) = way.isFromFirst ? (one.form, other.form) : (other.form, one.form)
            changes += before.changes(to: after, isMasked: way.sender == .client)
        }
        pairs.append(ComparedPair(sender: way.sender, first: one, second: other, delay: delay, changes: changes))
    }

    /// Messages that have none of the same content at their place.
    private mutating func addRest(of gaps: [Gap]) {
        var gaps = gaps
        addReordered(&gaps)
        for gap in gaps {
            let count = gap.first.count == gap.second.count && gap.known.areBothWhole ? gap.first.count : 0
            for (place, partner) in zip(gap.first.prefix(count), gap.second.prefix(count)) {
                add(place, partner, [.changed])
            }
            for place in gap.first.dropFirst(count) { addAlone(first: place, isCertain: gap.known.isSecondWhole) }
            for place in gap.second.dropFirst(count) { addAlone(second: place, isCertain: gap.known.isFirstWhole) }
        }
    }

    /// What is left over once in each of both stands at another place, unless a capture lacks something about there.
    private mutating func addReordered(_ gaps: inout [Gap]) {
        var places: [UInt64: [(gap: Int, place: Int)]] = [:]
        var partners: [UInt64: [(gap: Int, place: Int)]] = [:]
        for (index, gap) in gaps.enumerated() {
            for place in gap.first { places[first.messages[place].hash, default: []].append((index, place)) }
            for place in gap.second { partners[second.messages[place].hash, default: []].append((index, place)) }
        }
        for (hash, found) in places.sorted(by: { $0.value[0].place < $1.value[0].place }) {
            guard found.count == 1, let others = partners[hash], others.count == 1, found[0].gap != others[0].gap,
                gaps[found[0].gap].known.isSecondWhole, gaps[others[0].gap].known.isFirstWhole
            else { continue }
            gaps[found[0].gap].first.removeAll { $0 == found[0].place }
            gaps[others[0].gap].second.removeAll { $0 == others[0].place }
            add(found[0].place, others[0].place, [.reordered])
        }
    }

    private mutating func addAlone(first place: Int, isCertain: Bool) {
        pairs.append(
            ComparedPair(
                sender: way.sender, first: first.messages[place], second: nil, delay: nil,
                changes: [isCertain ? .onlyInFirst : .unknown]))
    }

    private mutating func addAlone(second place: Int, isCertain: Bool) {
        pairs.append(
            ComparedPair(
                sender: way.sender, first: nil, second: second.messages[place], delay: nil,
                changes: [isCertain ? .onlyInSecond : .unknown]))
    }
}
