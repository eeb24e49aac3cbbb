import TapCore

/// By what the connections of `wstap top` are sorted.
public struct TopOrder: Equatable, Sendable {
    /// A column, named for the key that sorts by it.
    public enum Column: Character, CaseIterable, Sendable {
        case number = "n"
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
            case .rate: "rate"
            case .bytes: "bytes"
            case .frames: "frames"
            case .roundTrip: "RTT"
            case .findings: "errors"
            case .idle: "idle"
            }
        }
    }

    public private(set) var column: Column
    private var isReversed = false

    public init(_ column: Column = .rate) { self.column = column }

    /// Sorts by the column of a key; by the same the other way round where it is that already.
    /// - Returns: whether the key has a column.
    public mutating func press(_ key: Character) -> Bool {
        guard let pressed = Column(rawValue: key) else { return false }
        isReversed = pressed == column && !isReversed
        column = pressed
        return true
    }

    /// The sign beside the title of the column.
    var sign: String { isReversed ? "▲" : "▼" }

    /// Sorts with the most first, but for numbers; ties go by number.
    func sort(_ connections: inout [TopConnection], at now: Timestamp) {
        let values = Dictionary(uniqueKeysWithValues: connections.map { ($0.number, value(of: $0, at: now)) })
        connections.sort { one, other in
            let (left, right) = (values[one.number] ?? [], values[other.number] ?? [])
            if left == right { return one.number < other.number }
            let isBefore = right.lexicographicallyPrecedes(left)
            return isReversed ? !isBefore : isBefore
        }
    }

    private func value(of connection: TopConnection, at now: Timestamp) -> [Double] {
        let rate = connection.meter.rate(at: now)
        return switch column {
        case .number: [-Double(connection.number)]
        case .rate: [rate.frames]
        case .bytes: [rate.bytesFromClient + rate.bytesFromServer]
        case .frames: [Double(connection.frames)]
        case .roundTrip: [connection.roundTrip.map { Double($0) } ?? -1]
        case .findings: connection.trouble.map { Double($0) }
        case .idle: [Double(connection.idle(at: now))]
        }
    }
}
