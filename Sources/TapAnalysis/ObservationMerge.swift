import TapWebSocket

/// Puts the observations of analyzers, each of which follows one part of the connections, into the order in which a single
/// analyzer would have made them, and numbers the connections as that one would have.
package struct ObservationMerge {
    /// What comes from one of the analyzers.
    private struct Source {
        var observations = Observations()
        /// How much of it was taken.
        var marks = 0
        var taken = 0
        var keys = 0
        var traces = 0
        /// What is still to come stands behind that.
        var bound = ObservationOrder.start
        /// The number of each of its connections among all.
        var numbers: [Int32] = []

        /// Where the next of them stands; `nil` where all were taken.
        var next: ObservationOrder? {
            guard let all = observations.marks?.all, marks < all.count else { return nil }
            return all[marks].order
        }
    }

    private var sources: [Source]
    private var connections: Int32 = 0
    private var handshakes = RecentHandshakes()
    private var pairs = KnownPairs()
    /// What was found by comparing handshakes.
    private var found = Summary()

    package init(parts: Int) { sources = Array(repeating: Source(), count: parts) }

    /// The analyzer without whose next observations no more can be merged up to a place; `nil` where all were.
    package func awaited(upTo limit: ObservationOrder) -> Int? {
        let waiting = sources.indices.filter { sources[$0].next == nil && sources[$0].bound < limit }
        return waiting.min { sources[$0].bound < sources[$1].bound }
    }

    /// Takes the next observations of an analyzer, of which all earlier ones were merged.
    /// - Parameter bound: what it observes from then on stands behind that.
    package mutating func receive(_ observations: inout Observations, upTo bound: ObservationOrder, from part: Int) {
        swap(&sources[part].observations, &observations)
        (sources[part].marks, sources[part].taken, sources[part].keys, sources[part].traces) = (0, 0, 0, 0)
        sources[part].bound = bound
    }

    /// Puts all up to a place, as far as theirs is certain, into `merged`; what that held is gone.
    package mutating func merge(into merged: inout Observations, upTo limit: ObservationOrder) {
        merged.removeAll()
        while let part = first(upTo: limit) { takeMark(from: part, into: &merged) }
    }

    /// The totals of all from those of each, once all was merged.
    package func summary(of parts: [Summary]) -> Summary {
        var all = Summary()
        for part in parts { all.add(part) }
        all.add(found)
        return all
    }

    /// The analyzer whose next observations come first; `nil` where that is not known yet.
    private func first(upTo limit: ObservationOrder) -> Int? {
        var found: Int?
        var (least, bound) = (limit, ObservationOrder.end)
        for part in sources.indices {
            if let order = sources[part].next {
                if order < least || found == nil && order <= least { (found, least) = (part, order) }
            } else {
                bound = min(bound, sources[part].bound)
            }
        }
        return least <= bound ? found : nil
    }

    private mutating func takeMark(from part: Int, into merged: inout Observations) {
        guard let marks = sources[part].observations.marks else { return }
        let mark = marks.all[sources[part].marks]
        sources[part].marks += 1
        for _ in 0..<mark.connections {
            connections += 1
            sources[part].numbers.append(connections)
        }
        while sources[part].keys < mark.keys {
            let use = marks.keys[sources[part].keys]
            sources[part].keys += 1
            take(upTo: use.end, from: part, into: &merged)
            compare(use, part, in: &merged)
        }
        take(upTo: mark.end, from: part, into: &merged)
        takeTraces(mark.traces, from: part, into: &merged)
    }

    /// Takes what was said on connections, where it is known to be said before the next observation, or to be all.
    /// - Parameter end: which of them come later.
    private mutating func takeTraces(
        _ end: Int, before place: Int = .max, from part: Int, into merged: inout Observations
    ) {
        while sources[part].traces < end, sources[part].observations.traces[sources[part].traces].place <= place {
            var trace = sources[part].observations.traces[sources[part].traces]
            sources[part].traces += 1
            trace.connection = Int(sources[part].numbers[trace.connection - 1])
            trace.place = merged.all.count
            merged.append(trace)
        }
    }

    private mutating func take(upTo end: Int, from part: Int, into merged: inout Observations) {
        let source = sources[part]
        let traces = source.observations.traces.count
        for place in source.taken..<end {
            if traces > 0 { takeTraces(traces, before: place, from: part, into: &merged) }
            merged.append(source.observations.all[place], of: source.observations) { Int(source.numbers[$0 - 1]) }
            guard !pairs.isEmpty, case .connection(let connection) = source.observations.all[place] else { continue }
            let number = Int(source.numbers[connection.number - 1])
            if let pair = pairs.end(number, connection.close.begun) {
                merged.note(pair, ofConnectionAt: merged.all.count - 1)
            }
        }
        sources[part].taken = end
    }

    /// Compares a handshake, which was merged last, with those before.
    private mutating func compare(_ use: KeyUse, _ part: Int, in merged: inout Observations) {
        let connection = Int(sources[part].numbers[use.connection - 1])
        let result = handshakes.note(use.start, in: connection)
        let place = use.place.map { merged.all.count - (use.end - $0) }
        if let passed = result.passed {
            let pair = pairs.note(passed, with: connection, isObserved: place != nil, &found)
            if let place { merged.note(pair, ofHandshakeAt: place) }
        }
        guard let violation = result.violation else { return }
        found.noteBetween(violation)
        if let place { merged.add(violation, toHandshakeAt: place) }
        guard use.isTold else { return }
        merged.append(
            .finding(
                Finding(
                    connection: connection, connectionID: use.start.id, violation: violation, time: use.time,
                    packet: use.packet, frame: nil,
                    sender: violation.sender)))
    }
}
