/// Traffic by what it has in common, exact for the first 10,000 names; what comes under further names is added up as one,
/// so that memory is bounded and no number is wrong.
struct TrafficTable: Sendable, Codable {
    private static let limit = 10_000
    /// Characters of a name that count.
    private static let nameLength = 200

    struct Row: Sendable, Codable {
        let name: String
        var traffic: Traffic
    }

    private(set) var rows: [Row] = []
    /// All that came under names that there was no room for.
    private(set) var others = Traffic()
    private var places: [String: Int] = [:]

    init() {}

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        let rows = try container.decode([Row].self)
        merge(rows, try container.decode(Traffic.self))
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(rows)
        try container.encode(others)
    }

    /// The place of a name; `nil` stands for all that there was no room for.
    mutating func place(of name: String) -> Int? {
        let name = String(name.prefix(TrafficTable.nameLength))
        if let place = places[name] { return place }
        guard rows.count < TrafficTable.limit else { return nil }
        places[name] = rows.count
        rows.append(Row(name: name, traffic: Traffic()))
        return rows.count - 1
    }

    /// Adds what came under names elsewhere.
    mutating func merge(_ other: TrafficTable) { merge(other.rows, other.others) }

    private mutating func merge(_ rows: [Row], _ others: Traffic) {
        for row in rows { change(at: place(of: row.name)) { $0.merge(row.traffic) } }
        self.others.merge(others)
    }

    mutating func change(at place: Int?, _ body: (inout Traffic) -> Void) {
        if let place { body(&rows[place].traffic) } else { body(&others) }
    }

    /// The rows with the most bytes first, then with the most handshakes.
    var ranked: [Row] {
        rows.sorted { one, other in
            let (left, right) = (one.traffic, other.traffic)
            if left.bytes != right.bytes { return left.bytes > right.bytes }
            return left.handshakes == right.handshakes ? one.name < other.name : left.handshakes > right.handshakes
        }
    }
}
