import TapCore
import TapWebSocket

/// How many frames were sent when. However long the capture is, it has no more than 240 columns: where they do not suffice,
/// each comes to stand for twice the time.
struct Timeline: Sendable, Codable {
    private static let limit = 240
    private static let shortest: Int64 = 1_000

    struct Column: Equatable, Sendable, Codable {
        var fromClient: UInt64 = 0
        var fromServer: UInt64 = 0

        func count(from sender: Sender) -> UInt64 { sender == .client ? fromClient : fromServer }

        mutating func add(_ other: Column) {
            fromClient += other.fromClient
            fromServer += other.fromServer
        }
    }

    private(set) var columns: [Column] = []
    /// The time that a column stands for, in nanoseconds.
    private(set) var step = shortest

    init() {}

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        columns = try container.decode([Column].self)
        step = try container.decode(Int64.self)
        guard columns.count <= Timeline.limit, step >= Timeline.shortest else { throw StateError() }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(columns)
        try container.encode(step)
    }

    /// - Parameter time: nanoseconds since the capture began; what came before that counts as its beginning.
    mutating func note(_ sender: Sender, at time: Int64) {
        let time = max(0, time)
        while time / step >= Int64(Timeline.limit) { halve() }
        let place = Int(clamping: time / step)
        if place >= columns.count { columns += repeatElement(Column(), count: place + 1 - columns.count) }
        switch sender {
        case .client: columns[place].fromClient += 1
        case .server: columns[place].fromServer += 1
        }
    }

    /// Adds what was sent elsewhere since the same beginning.
    mutating func merge(_ other: Timeline) {
        var other = other
        while step < other.step { halve() }
        while other.step < step { other.halve() }
        let missing = other.columns.count - columns.count
        if missing > 0 { columns += repeatElement(Column(), count: missing) }
        for (place, column) in other.columns.enumerated() { columns[place].add(column) }
    }

    /// The same in no more columns than there is room for, and the time that each stands for.
    func fitted(_ room: Int) -> (columns: [Column], step: Int64) {
        let joined = max(1, (columns.count + room - 1) / max(room, 1))
        return (Timeline.join(joined, columns), step * Int64(joined))
    }

    private mutating func halve() {
        columns = Timeline.join(2, columns)
        let (doubled, overflow) = step.multipliedReportingOverflow(by: 2)
        step = overflow ? .max : doubled
    }

    private static func join(_ count: Int, _ columns: [Column]) -> [Column] {
        stride(from: 0, to: columns.count, by: count).map { start in
            columns[start..<min(start + count, columns.count)].reduce(into: Column()) { $0.add($1) }
        }
    }
}
