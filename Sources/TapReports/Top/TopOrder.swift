import TapCore

/// By what the rows of `wstap top` are sorted.
package struct TopOrder: Equatable, Sendable {
    /// A column, named for the key that sorts by it.
    package enum Column: Character, CaseIterable, Sendable {
        case number = "n"
        case state = "s"
        case rate = "r"
        case bytes = "b"
        case frames = "f"
        case roundTrip = "t"
        case findings = "e"
        case idle = "i"

        /// As the keys are explained.
        var name: String {
            switch self {
            case .number: "number"
            case .state: "state"
            case .rate: "rate"
            case .bytes: "bytes"
            case .frames: "frames"
            case .roundTrip: "round trip"
            case .findings: "errors"
            case .idle: "idle"
            }
        }

        /// Whether what has ended stands among the rest, rather than behind it.
        fileprivate var mixesEnded: Bool {
            switch self {
            case .number, .state, .findings: true
            case .rate, .bytes, .frames, .roundTrip, .idle: false
            }
        }
    }

    package private(set) var column: Column
    private var isReversed = false

    package init(_ column: Column = .rate) { self.column = column }

    /// Sorts by the column of a key; by the same the other way round where it is that already.
    /// - Returns: whether the key has a column.
    package mutating func press(_ key: Character) -> Bool {
        guard let pressed = Column(rawValue: key) else { return false }
        isReversed = pressed == column && !isReversed
        column = pressed
        return true
    }

    /// The sign beside the title of the column.
    var sign: String { isReversed ? "▲" : "▼" }

    /// Sorts with the most first, but for numbers and states; ties go by number, or by name.
    func sorted(_ rows: [TopRow]) -> [TopRow] {
        let keyed = rows.map { (row: $0, key: key(of: $0)) }
        return keyed.sorted { one, other in
            if !column.mixesEnded, one.row.isOver != other.row.isOver { return other.row.isOver }
            if column == .state, one.row.state.text != other.row.state.text {
                return (one.row.state.text < other.row.state.text) != isReversed
            }
            guard one.key == other.key else { return (one.key > other.key) != isReversed }
            return precedes(one.row, other.row)
        }.map(\.row)
    }

    private func precedes(_ one: TopRow, _ other: TopRow) -> Bool {
        if case .connection(let left) = one.identity, case .connection(let right) = other.identity {
            return left < right
        }
        return one.name < other.name
    }

    private func key(of row: TopRow) -> Double {
        switch column {
        case .number: if case .connection(let number) = row.identity { -Double(number) } else { Double(row.count) }
        case .state: 0
        case .rate: row.rate.frames
        case .bytes: row.bytesPerSecond
        case .frames: Double(row.frames)
        case .roundTrip: row.roundTrip.map { Double($0) } ?? -1
        // The worst severity counts before the number.
        case .findings: row.trouble.reduce(0) { $0 * 1e6 + min(Double($1), 999_999) }
        case .idle: Double(row.idle)
        }
    }
}
