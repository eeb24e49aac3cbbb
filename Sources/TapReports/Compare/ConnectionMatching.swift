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
        // A capture may hold both legs of an exchange: each is the same conversation.
        match(by: .key, isOneOfMany: true) { $0.isKeyRandom ? $0.key : nil }
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

    /// Matches connections of one name if both captures have equally many of them.
    /// - Parameter isOneOfMany: whether the first of several is taken where the other capture has a single one.
    private mutating func match(
        by evidence: ConnectionComparison.Evidence, isOneOfMany: Bool = false,
        _ name: (ComparedConnection) -> (some Hashable)?
    ) {
        let (names, others) = (groups(first, without: isTaken, name), groups(second, without: isOtherTaken, name))
        for (name, places) in names.sorted(by: { $0.value[0] < $1.value[0] }) {
            guard let partners = others[name],
                places.count == partners.count || isOneOfMany && (places.count == 1 || partners.count == 1)
            else { continue }
            for (place, partner) in zip(places, partners) where first[place].mayBe(second[partner]) {
                take(place, partner, evidence)
            }
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
        var found: [Candidate] = []
        for (place, connection) in first.enumerated() where !isTaken.contains(place) {
            let content = ConnectionMatching.contents(connection)
            var shared: [Int: Int] = [:]
            for hash in content {
                // What is said everywhere says nothing.
                guard let others = places[hash], others.count <= ConnectionMatching.mostOthers else { continue }
                for other in others { shared[other, default: 0] += 1 }
            }
            for (other, count) in shared
            where count * 2 >= min(content.count, contents[other].count) && connection.mayBe(second[other]) {
                found.append((place, other, count))
            }
        }
        let (best, bestOfOthers) = (
            ConnectionMatching.only(found, of: \.place), ConnectionMatching.only(found, of: \.other)
        )
        for (place, candidate) in best.sorted(by: { $0.key < $1.key })
        where bestOfOthers[candidate.other]?.place == place {
            take(place, candidate.other, .messages)
        }
    }

    private typealias Candidate = (place: Int, other: Int, shared: Int)

    private static let mostOthers = 64

    /// For each connection of one capture the one that it shares most with, where that is one alone.
    private static func only(_ found: [Candidate], of place: (Candidate) -> Int) -> [Int: Candidate] {
        var best: [Int: (candidate: Candidate, isAlone: Bool)] = [:]
        for candidate in found {
            guard let known = best[place(candidate)], known.candidate.shared >= candidate.shared else {
                best[place(candidate)] = (candidate, true)
                continue
            }
            if known.candidate.shared == candidate.shared { best[place(candidate)]?.isAlone = false }
        }
        return best.filter(\.value.isAlone).mapValues(\.candidate)
    }

    /// Each content with who said it.
    private static func contents(_ connection: ComparedConnection) -> Set<UInt64> {
        Set(connection.fromClient.messages.map(\.hash) + connection.fromServer.messages.map { ~$0.hash })
    }
}
