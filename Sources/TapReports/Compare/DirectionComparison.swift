import TapWebSocket

/// What became of the messages of one peer between two captures.
struct DirectionComparison {
    private(set) var pairs: [ComparedPair] = []
    private let first: ComparedDirection
    private let second: ComparedDirection
    private let way: Way
    private let slow: Int64

    /// Messages of one side only, between two that both have; and how many of the other side stand before and behind them.
    private struct Gap {
        var first: [Int] = []
        var second: [Int] = []
        var places = 0...0
        var otherPlaces = 0...0
    }

    init(
        _ first: ComparedDirection, _ second: ComparedDirection, _ alignment: MessageAlignment, _ way: Way, slow: Int64
    ) {
        (self.first, self.second) = (first, second)
        self.way = way
        self.slow = slow
        var gaps: [Gap] = []
        var gap = Gap()
        var (place, other) = (0, 0)
        for step in alignment.steps {
            switch step {
            case .both(let one, let partner):
                gaps.append(gap)
                add(one, partner, [])
                (place, other) = (one + 1, partner + 1)
                gap = Gap(places: place...place, otherPlaces: other...other)
            case .first(let one):
                gap.first.append(one)
                place = one + 1
                gap.places = gap.places.lowerBound...place
            case .second(let partner):
                gap.second.append(partner)
                other = partner + 1
                gap.otherPlaces = gap.otherPlaces.lowerBound...other
            }
        }
        gaps.append(gap)
        addRest(of: gaps)
    }

    /// A message that stands in both.
    private mutating func add(_ place: Int, _ partner: Int, _ found: [ComparedPair.Change]) {
        let (one, other) = (first.messages[place], second.messages[partner])
        let delay = way.delay(one, other)
        var changes = found
        if let delay, delay >= slow { changes.append(.delayed) }
        if one.isSame(as: other) {
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
            let count = gap.first.count == gap.second.count && hasAll(gap) ? gap.first.count : 0
            for (place, partner) in zip(gap.first.prefix(count), gap.second.prefix(count)) {
                add(place, partner, [.changed])
            }
            for place in gap.first.dropFirst(count) {
                addAlone(first: place, isCertain: second.isWhole(gap.otherPlaces))
            }
            for place in gap.second.dropFirst(count) { addAlone(second: place, isCertain: first.isWhole(gap.places)) }
        }
    }

    private func hasAll(_ gap: Gap) -> Bool { second.isWhole(gap.otherPlaces) && first.isWhole(gap.places) }

    /// What is left over once in each of both stands at another place.
    private mutating func addReordered(_ gaps: inout [Gap]) {
        var places: [UInt64: [(gap: Int, place: Int)]] = [:]
        for (index, gap) in gaps.enumerated() {
            for place in gap.first { places[first.messages[place].hash, default: []].append((index, place)) }
        }
        var partners: [UInt64: [(gap: Int, place: Int)]] = [:]
        for (index, gap) in gaps.enumerated() {
            for place in gap.second { partners[second.messages[place].hash, default: []].append((index, place)) }
        }
        for (hash, found) in places.sorted(by: { $0.value[0].place < $1.value[0].place }) {
            guard found.count == 1, let others = partners[hash], others.count == 1, found[0].gap != others[0].gap
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
