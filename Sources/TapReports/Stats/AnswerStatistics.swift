import TapAnalysis
import TapCore
import TapSubprotocols
import TapWebSocket

/// What messages say, or handshakes, added up by what they have in common: how often, how often in vain, and how long
/// answers took. Exact for the first 10,000 names; what comes under further names is added up as one.
struct AnswerStatistics: Sendable, Codable {
    struct Row: Sendable, Codable {
        var count: UInt64 = 0
        /// Those that say that something failed, or handshakes that opened nothing.
        var errors: UInt64 = 0
        var unanswered: UInt64 = 0
        /// Of the messages, inflated; of connections, their payload.
        var bytes: UInt64 = 0
        /// How long answers took, in nanoseconds.
        var latency = RoundTrips()
        /// Of handshakes, how often which.
        var statuses: [Int: UInt64] = [:]

        mutating func merge(_ other: Row) {
            count += other.count
            errors += other.errors
            unanswered += other.unanswered
            bytes &+= other.bytes
            latency.merge(other.latency)
            statuses.merge(other.statuses, uniquingKeysWith: +)
        }
    }

    private static let limit = 10_000
    /// Characters of a name that count.
    private static let nameLength = 200

    let grouping: StatsGrouping
    private(set) var rows: [String: Row] = [:]
    /// All that came under names that there was no room for.
    private(set) var others = Row()
    /// All answers.
    private(set) var latencies = Distribution()
    /// Of open connections.
    private var paths: [Int: String] = [:]

    init(_ grouping: StatsGrouping) { self.grouping = grouping }

    /// The rows that came most often first.
    var ranked: [(name: String, row: Row)] {
        rows.map { ($0.key, $0.value) }.sorted { one, other in
            one.row.count == other.row.count ? one.name < other.name : one.row.count > other.row.count
        }
    }

    /// Adds what came elsewhere.
    mutating func merge(_ other: AnswerStatistics) {
        for (name, row) in other.rows.sorted(by: { $0.key < $1.key }) { change(name) { $0.merge(row) } }
        others.merge(other.others)
        latencies.merge(other.latencies)
    }

    mutating func note(_ observation: Observation) {
        switch (grouping, observation) {
        case (.path, .handshake(let handshake)): note(handshake)
        case (.path, .connection(let connection)):
            guard let path = paths.removeValue(forKey: connection.number) else { return }
            change(path) { $0.bytes &+= connection.payloadBytes }
        case (.path, _), (_, .handshake), (_, .frame), (_, .finding), (_, .tls): break
        case (_, .message(let message)): note(message)
        case (_, .connection(let connection)):
            for request in connection.application?.openRequests ?? [] where request.outcome == .unanswered {
                change(name(request.protocol, request.kind, request.name)) { $0.unanswered += 1 }
            }
        }
    }

    private mutating func note(_ handshake: Handshake) {
        let path = handshake.resource.map { PathFolding.folded($0) } ?? "(handshake not captured)"
        if handshake.opensConnection { paths[handshake.connection] = path }
        change(path) { row in
            row.count += 1
            if handshake.verdict == .refused { row.errors += 1 }
            if handshake.verdict == .unanswered { row.unanswered += 1 }
            if let status = handshake.status { row.statuses[status, default: 0] += 1 }
        }
        if let time = handshake.responseTime { add(time, to: path) }
    }

    private mutating func note(_ message: Message) {
        let items = message.application?.items ?? []
        for (index, item) in items.enumerated() {
            let name = name(item.protocol, item.kind, item.name)
            change(name) { row in
                row.count += 1
                if item.error != nil { row.errors += 1 }
                // A message counts once, whatever it holds.
                if index == 0 { row.bytes &+= message.length }
            }
            if let latency = item.answer?.latency { add(latency, to: name) }
        }
    }

    private mutating func add(_ latency: Int64, to name: String) {
        latencies.add(latency)
        change(name) { $0.latency.add(latency) }
    }

    private func name(_ protocol: ApplicationProtocol, _ kind: String, _ name: String?) -> String {
        grouping == .name ? "\(`protocol`.rawValue) \(name ?? kind)" : "\(`protocol`.rawValue) \(kind)"
    }

    private mutating func change(_ name: String, _ body: (inout Row) -> Void) {
        let name = String(name.prefix(AnswerStatistics.nameLength))
        if rows[name] != nil || rows.count < AnswerStatistics.limit {
            body(&rows[name, default: Row()])
        } else {
            body(&others)
        }
    }
}

/// By what figures are added up.
public enum StatsGrouping: String, CaseIterable, Sendable, Codable {
    /// The kind of unit: `mqtt PUBLISH`.
    case type
    /// What units are about: a method, a topic.
    case name
    /// The host and path of the handshake, with ids in it as stars.
    case path
}

/// Paths in which ids differ from client to client, as one.
enum PathFolding {
    private static let longestWord = 20

    /// `localhost/visitor/17?x=1` as `localhost/visitor/*`: numbers, UUIDs, long hexadecimal and other long mixed segments.
    static func folded(_ resource: String) -> String {
        let segments = resource.prefix { $0 != "?" }.split(separator: "/", omittingEmptySubsequences: false)
        return segments.enumerated().map { index, segment in
            index > 0 && isID(segment) ? "*" : String(segment)
        }.joined(separator: "/")
    }

    private static func isID(_ segment: Substring) -> Bool {
        let digits = segment.utf8.count { (0x30...0x39).contains($0) }
        guard digits > 0 else { return false }
        let isHexadecimal = segment.utf8.allSatisfy { Hex.value(ofDigit: $0) != nil || $0 == UInt8(ascii: "-") }
        return digits == segment.utf8.count || isHexadecimal && segment.utf8.count >= 8
            || segment.utf8.count >= longestWord
    }
}
