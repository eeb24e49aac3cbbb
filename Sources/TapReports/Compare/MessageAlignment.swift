/// Which messages of one capture are which of another, by what they say and their order.
struct MessageAlignment {
    enum Step: Equatable {
        case both(Int, Int)
        case first(Int)
        case second(Int)
    }

    /// With up to this many messages in one capture only, the alignment with the fewest of them is found. Beyond it, messages
    /// that are once in both captures are matched, and with them what lies beside them.
    static let limit = 2_000

    private(set) var steps: [Step] = []
    /// Whether it is the one with the fewest messages on one side only.
    let isExact: Bool

    init(_ first: [ComparedMessage], _ second: [ComparedMessage]) {
        var start = 0
        while start < min(first.count, second.count), first[start].isSame(as: second[start]) { start += 1 }
        var (end, otherEnd) = (first.count, second.count)
        while end > start, otherEnd > start, first[end - 1].isSame(as: second[otherEnd - 1]) {
            end -= 1
            otherEnd -= 1
        }
        steps = (0..<start).map { .both($0, $0) }
        let middle = (first: Array(first[start..<end]), second: Array(second[start..<otherEnd]))
        let shortest = MessageAlignment.shortest(middle.first, middle.second)
        isExact = shortest != nil
        let aligned = shortest ?? MessageAlignment.anchored(middle.first, middle.second)
        steps += aligned.map { $0.moved(by: start, start) }
        steps += (end..<first.count).map { .both($0, $0 - end + otherEnd) }
    }

    /// The alignment with the fewest messages on one side only (E. Myers, An O(ND) Difference Algorithm, 1986); `nil` where these are
    /// more than the limit.
    private static func shortest(_ first: [ComparedMessage], _ second: [ComparedMessage]) -> [Step]? {
        let (count, otherCount) = (first.count, second.count)
        let most = min(count + otherCount, limit)
        // How far one gets on each diagonal, for each number of messages that have no other.
        var rounds: [[Int32]] = []
        var reached = [Int32](repeating: 0, count: 2 * most + 3)
        for differences in 0...most {
            for diagonal in stride(from: -differences, through: differences, by: 2) {
                let place = diagonal + most + 1
                let isDown =
                    diagonal == -differences || diagonal != differences && reached[place - 1] < reached[place + 1]
                var x = isDown ? Int(reached[place + 1]) : Int(reached[place - 1]) + 1
                var y = x - diagonal
                while x < count, y < otherCount, first[x].isSame(as: second[y]) {
                    x += 1
                    y += 1
                }
                reached[place] = Int32(x)
                if x == count, y == otherCount {
                    return path(to: (count, otherCount), differences, rounds, most)
                }
            }
            rounds.append(Array(reached[(most + 1 - differences)...(most + 1 + differences)]))
        }
        return nil
    }

    private static func path(
        to end: (Int, Int), _ differences: Int, _ rounds: [[Int32]], _ most: Int
    ) -> [Step] {
        var steps: [Step] = []
        var (x, y) = end
        for round in stride(from: differences, to: 0, by: -1) {
            let before = rounds[round - 1]
            /// How far a diagonal was reached in the round before.
            func reached(_ diagonal: Int) -> Int32 {
                let place = diagonal + round - 1
                return before.indices.contains(place) ? before[place] : -1
            }
            let diagonal = x - y
            let isDown =
                diagonal == -round || diagonal != round && reached(diagonal - 1) < reached(diagonal + 1)
            let from = isDown ? diagonal + 1 : diagonal - 1
            let fromX = Int(reached(from))
            let fromY = fromX - from
            while x > fromX + (isDown ? 0 : 1), y > fromY + (isDown ? 1 : 0) {
                x -= 1
                y -= 1
                steps.append(.both(x, y))
            }
            steps.append(isDown ? .second(fromY) : .first(fromX))
            (x, y) = (fromX, fromY)
        }
        while x > 0, y > 0 {
            x -= 1
            y -= 1
            steps.append(.both(x, y))
        }
        return steps.reversed()
    }

    /// An alignment by messages that are there once in both, with equal ones beside them.
    private static func anchored(_ first: [ComparedMessage], _ second: [ComparedMessage]) -> [Step] {
        var steps: [Step] = []
        var (next, otherNext) = (0, 0)
        func takeAlone(upTo end: Int, _ otherEnd: Int) {
            steps += (next..<end).map { .first($0) }
            steps += (otherNext..<otherEnd).map { .second($0) }
            (next, otherNext) = (end, otherEnd)
        }
        for (place, other) in rising(anchors(first, second)) where place >= next && other >= otherNext {
            var (from, otherFrom) = (place, other)
            while from > next, otherFrom > otherNext, first[from - 1].isSame(as: second[otherFrom - 1]) {
                from -= 1
                otherFrom -= 1
            }
            takeAlone(upTo: from, otherFrom)
            while next < first.count, otherNext < second.count, first[next].isSame(as: second[otherNext]) {
                steps.append(.both(next, otherNext))
                next += 1
                otherNext += 1
            }
        }
        takeAlone(upTo: first.count, second.count)
        return steps
    }

    /// Messages that are there once in both, in the order of the first.
    private static func anchors(_ first: [ComparedMessage], _ second: [ComparedMessage]) -> [(Int, Int)] {
        let (places, others) = (onlyPlaces(first), onlyPlaces(second))
        return places.compactMap { hash, place in others[hash].map { (place, $0) } }.sorted { $0.0 < $1.0 }
    }

    private static func onlyPlaces(_ messages: [ComparedMessage]) -> [UInt64: Int] {
        var places: [UInt64: Int] = [:]
        var repeated: Set<UInt64> = []
        for (place, message) in messages.enumerated() {
            if places.updateValue(place, forKey: message.hash) != nil { repeated.insert(message.hash) }
        }
        return places.filter { !repeated.contains($0.key) }
    }

    /// The most of them that stand in one order in both.
    private static func rising(_ pairs: [(Int, Int)]) -> [(Int, Int)] {
        // The pair with which the best row of each length ends, and what comes before each pair.
        var ends: [Int] = []
        var before = [Int](repeating: -1, count: pairs.count)
        for (index, pair) in pairs.enumerated() {
            var (low, high) = (0, ends.count)
            while low < high {
                let middle = (low + high) / 2
                if pairs[ends[middle]].1 < pair.1 { low = middle + 1 } else { high = middle }
            }
            before[index] = low > 0 ? ends[low - 1] : -1
            if low == ends.count { ends.append(index) } else { ends[low] = index }
        }
        var row: [(Int, Int)] = []
        var index = ends.last ?? -1
        while index >= 0 {
            row.append(pairs[index])
            index = before[index]
        }
        return row.reversed()
    }
}

extension MessageAlignment.Step {
    fileprivate func moved(by places: Int, _ others: Int) -> MessageAlignment.Step {
        switch self {
        case .both(let place, let other): .both(place + places, other + others)
        case .first(let place): .first(place + places)
        case .second(let place): .second(place + others)
        }
    }
}

extension MessageAlignment {
    /// Among equal messages in a row, one of which has no counterpart, chooses the one without which the others took as long as
    /// usual.
    /// - Parameter cost: how unlikely it is that two messages are one.
    mutating func settle(
        _ first: [ComparedMessage], _ second: [ComparedMessage], cost: (_ first: Int, _ second: Int) -> UInt64
    ) {
        for index in steps.indices {
            switch steps[index] {
            case .first(let place):
                slide(index, place, limit: MessageAlignment.longestSlide) { step, place, direction in
                    guard case .both(let other, let partner) = step, other == place + direction,
                        first[place].isSame(as: second[partner])
                    else { return nil }
                    return (.both(place, partner), .first(other), cost(other, partner), cost(place, partner))
                }
            case .second(let place):
                slide(index, place, limit: MessageAlignment.longestSlide) { step, place, direction in
                    guard case .both(let partner, let other) = step, other == place + direction,
                        first[partner].isSame(as: second[place])
                    else { return nil }
                    return (.both(partner, place), .second(other), cost(partner, other), cost(partner, place))
                }
            case .both: break
            }
        }
    }

    private static let longestSlide = 1_000

    private typealias Swap = (pair: Step, alone: Step, before: UInt64, after: UInt64)

    /// Moves what stands alone to where the steps that it passes cost least in all.
    private mutating func slide(
        _ index: Int, _ place: Int, limit: Int, _ swapped: (Step, _ place: Int, _ direction: Int) -> Swap?
    ) {
        var best = (gain: Int64(0), direction: 0, count: 0)
        for direction in [1, -1] {
            var (gain, at, place, count) = (Int64(0), index, place, 0)
            while count < limit, steps.indices.contains(at + direction),
                let swap = swapped(steps[at + direction], place, direction)
            {
                gain &+= Int64(clamping: swap.before) &- Int64(clamping: swap.after)
                (at, place, count) = (at + direction, place + direction, count + 1)
                if gain > best.gain { best = (gain, direction, count) }
            }
        }
        var (at, place) = (index, place)
        for _ in 0..<best.count {
            guard let swap = swapped(steps[at + best.direction], place, best.direction) else { return }
            (steps[at], steps[at + best.direction]) = (swap.pair, swap.alone)
            (at, place) = (at + best.direction, place + best.direction)
        }
    }
}
