import TapCore

/// Which connections of two captures are one.
struct ConnectionMatching {
    private(set) var matches: [(first: Int, second: Int, evidence: ConnectionComparison.Evidence)] = []
    private let first: [ComparedConnection]
    private let second: [ComparedConnection]
    private var isTaken: Set<Int> = []
    private var isOtherTaken: Set<Int> = []

    /// What tells a connection from others where nobody has changed addresses.
    private struct Name: Hashable {
        let flow: FlowKey
        let stream: UInt64?
        let key: String?
    }

    init(_ first: [ComparedConnection], _ second: [ComparedConnection]) {
        (self.first, self.second) = (first, second)
        match(by: .endpoints) { Name(flow: $0.flow, stream: $0.stream, key: $0.key) }
        match(by: .key) { $0.key }
        // One of both captures may lack the handshake.
        match(by: .endpoints) { Name(flow: $0.flow, stream: $0.stream, key: nil) }
        matchByMessages()
        matches.sort { $0.first < $1.first }
    }

    private mutating func take(_ place: Int, _ other: Int, _ evidence: ConnectionComparison.Evidence) {
        matches.append((place, other, evidence))
        isTaken.insert(place)
        isOtherTaken.insert(other)
    }

    /// Takes those of which both captures have as many of one name, or one of both has a single one.
    private mutating func match(
        by evidence: ConnectionComparison.Evidence, _ name: (ComparedConnection) -> (some Hashable)?
    ) {
        let (names, others) = (groups(first, without: isTaken, name), groups(second, without: isOtherTaken, name))
        for (name, places) in names.sorted(by: { $0.value[0] < $1.value[0] }) {
            guard let partners = others[name],
                places.count == partners.count || places.count == 1 || partners.count == 1
            else { continue }
            for (place, partner) in zip(places, partners) { take(place, partner, evidence) }
        }
    }

    private func groups<Name: Hashable>(
        _ connections: [ComparedConnection], without taken: Set<Int>, _ name: (ComparedConnection) -> Name?
    ) -> [Name: [Int]] {
        var groups: [Name: [Int]] = [:]
        for (place, connection) in connections.enumerated() where !taken.contains(place) {
            if let name = name(connection) { groups[name, default: []].append(place) }
        }
        return groups
    }

    /// Takes those that share half of their messages at least, and more than with any other.
    private mutating func matchByMessages() {
        let contents = second.map(ConnectionMatching.contents)
        var places: [UInt64: [Int]] = [:]
        for (place, content) in contents.enumerated() where !isOtherTaken.contains(place) {
            for hash in content { places[hash, default: []].append(place) }
        }
        var found: [(place: Int, other: Int, shared: Int)] = []
        for (place, connection) in first.enumerated() where !isTaken.contains(place) {
            let content = ConnectionMatching.contents(connection)
            var shared: [Int: Int] = [:]
            for hash in content {
                // What is said everywhere says nothing.
                guard let others = places[hash], others.count <= ConnectionMatching.mostOthers else { continue }
                for other in others { shared[other, default: 0] += 1 }
            }
            for (other, count) in shared where count * 2 >= min(content.count, contents[other].count) {
                found.append((place, other, count))
            }
        }
        for (place, candidates) in Dictionary(grouping: found, by: \.place).sorted(by: { $0.key < $1.key }) {
            guard let best = ConnectionMatching.only(candidates, \.shared) else { continue }
            let rivals = found.filter { $0.other == best.other }
            if ConnectionMatching.only(rivals, \.shared)?.place == place { take(place, best.other, .messages) }
        }
    }

    private static let mostOthers = 64

    /// What has the highest value, where that is one alone.
    private static func only<Element>(_ all: [Element], _ value: (Element) -> Int) -> Element? {
        guard let best = all.max(by: { value($0) < value($1) }) else { return nil }
        return all.count { value($0) == value(best) } == 1 ? best : nil
    }

    /// Each content with who said it.
    private static func contents(_ connection: ComparedConnection) -> Set<UInt64> {
        Set(connection.fromClient.messages.map(\.hash) + connection.fromServer.messages.map { ~$0.hash })
    }
}
