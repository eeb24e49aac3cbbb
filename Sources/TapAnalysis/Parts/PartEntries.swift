import TapCore
import TapHTTP
import TapWebSocket

/// What a merge needs to know of observations of one part of a capture, one by one and in their order: beginnings and ends of connections,
/// findings, and what tells that connections of several parts belong together. All else is added up.
package struct PartEntries: Codable {
    enum Entry: Codable {
        case handshake(Beginning)
        case finding(Finding)
        case connection(End)
    }

    /// What of a handshake may matter to others.
    struct Beginning: Codable {
        let connection: Int
        let id: ConnectionID
        let client: Endpoint
        let server: Endpoint
        let verdict: Verdict
        let leadsNowhere: Bool
        /// When the connection was asked for.
        let asked: Timestamp
        /// When that was answered.
        let answered: Timestamp?
        /// Whether it is a copy of another connection's, as far as this part shows.
        let isCopy: Bool
    }

    /// The same of the end of a connection.
    struct End: Codable {
        let number: Int
        let begun: Timestamp?
        let whole: Sides
    }

    private var entries: [Entry] = []
    private var marks = ObservationMarks()
    private var traces: [LegTrace] = []

    package var isEmpty: Bool { marks.all.isEmpty }

    /// What follows stands behind that.
    package var bound: ObservationOrder { marks.all.last?.order ?? .start }

    /// What of these is to be kept.
    init(_ observations: borrowing Observations, _ tracer: inout PartTracer) {
        guard let all = observations.marks else { return }
        // How many entries stand before each of the observations.
        var places: [Int] = []
        places.reserveCapacity(observations.all.count + 1)
        for mark in all.all {
            for index in places.count..<mark.end {
                places.append(entries.count)
                note(observations.all[index], of: observations, &tracer)
            }
            marks.all.append(
                ObservationMarks.Mark(
                    order: mark.order, end: entries.count, keys: mark.keys, traces: traces.count,
                    connections: mark.connections))
        }
        places.append(entries.count)
        marks.keys = all.keys.map { $0.moved(to: $0.place.map { places[$0] }, before: places[$0.end]) }
        removeSilentMarks()
    }

    private mutating func note(
        _ observation: borrowing Observation, of observations: borrowing Observations, _ tracer: inout PartTracer
    ) {
        if let trace = tracer.note(observation, of: observations, at: entries.count) { traces.append(trace) }
        switch observation {
        case .handshake(let handshake): entries.append(.handshake(Beginning(handshake)))
        case .finding(let finding): entries.append(.finding(finding))
        case .connection(let connection): entries.append(.connection(End(connection)))
        case .frame, .message, .tls: break
        }
    }

    /// Most packets bring frames alone.
    private mutating func removeSilentMarks() {
        var last = (end: 0, keys: 0, traces: 0)
        marks.all.removeAll { mark in
            defer { last = (mark.end, mark.keys, mark.traces) }
            return mark.connections == 0 && last == (mark.end, mark.keys, mark.traces)
        }
    }

    /// The observations, as far as they are known, with the connections that are known in full.
    /// - Parameter known: these, by their numbers in the part.
    package func observations(with known: [Int: Connection]) -> Observations {
        let all = entries.map { entry -> Observation in
            switch entry {
            case .handshake(let beginning): .handshake(Handshake(beginning))
            case .finding(let finding): .finding(finding)
            case .connection(let end): .connection(known[end.number] ?? Connection(end))
            }
        }
        return Observations(all, marks, traces)
    }

    /// Whether all numbers lie where something is, as in what was written by this program.
    /// - Parameter connections: how many connections were given a number before; those of this are added.
    package func isSound(after connections: inout Int) -> Bool {
        var (end, keys, traces) = (0, 0, 0)
        for mark in marks.all {
            guard mark.end >= end, mark.keys >= keys, mark.traces >= traces, mark.connections >= 0,
                mark.connections <= Int(Int32.max) - connections
            else { return false }
            (end, keys, traces) = (mark.end, mark.keys, mark.traces)
            connections += mark.connections
        }
        let known = connections
        let isOfThese = { (number: Int) in (1...max(known, 1)).contains(number) && known > 0 }
        return end == entries.count && keys == marks.keys.count && traces == self.traces.count
            && entries.allSatisfy { isOfThese($0.connection) } && self.traces.allSatisfy { isOfThese($0.connection) }
            && marks.keys.allSatisfy { use in
                isOfThese(use.connection) && (0...end).contains(use.end)
                    && use.place.map { (0..<use.end).contains($0) } ?? true
            }
    }
}

extension PartEntries.Entry {
    fileprivate var connection: Int {
        switch self {
        case .handshake(let beginning): beginning.connection
        case .finding(let finding): finding.connection
        case .connection(let end): end.number
        }
    }
}

extension PartEntries.Beginning {
    fileprivate init(_ handshake: Handshake) {
        self.init(
            connection: handshake.connection, id: handshake.connectionID, client: handshake.client,
            server: handshake.server, verdict: handshake.verdict, leadsNowhere: handshake.leadsNowhere,
            asked: handshake.request?.time ?? handshake.time, answered: handshake.response?.time,
            isCopy: handshake.violations.contains { $0.id == .captureDuplicated })
    }
}

extension Handshake {
    fileprivate init(_ beginning: PartEntries.Beginning) {
        let response = beginning.answered.map { time in
            HTTPHead(
                startLine: .response(version: "", status: 0, reason: ""), fields: HTTPFields([]), oddities: [],
                packet: PacketNumber(0),
                time: time)
        }
        self.init(
            connection: beginning.connection, connectionID: beginning.id, client: beginning.client,
            server: beginning.server, request: nil, response: response, verdict: beginning.verdict,
            violations: beginning.isCopy ? [Violation(.captureDuplicated, "")] : [], packet: PacketNumber(0),
            time: beginning.asked)
        leadsNowhere = beginning.leadsNowhere
    }
}

extension PartEntries.End {
    fileprivate init(_ connection: Connection) {
        self.init(number: connection.number, begun: connection.close.begun, whole: connection.close.whole)
    }
}

extension Connection {
    /// One of which nothing but that is known.
    fileprivate init(_ end: PartEntries.End) {
        let nowhere = Endpoint(address: IPAddress(ipv4: 0), port: 0)
        let never = Timestamp(nanoseconds: 0)
        var close = ConnectionClose()
        (close.begun, close.whole) = (end.begun, end.whole)
        self.init(
            number: end.number, id: ConnectionID(rawValue: 0), client: nowhere, server: nowhere, opened: never,
            closed: never, duration: nil, close: close, fromClient: DirectionStatistics(),
            fromServer: DirectionStatistics(), clientPings: PingStatistics(), serverPings: PingStatistics())
    }
}

extension KeyUse {
    /// The same among other observations.
    fileprivate func moved(to place: Int?, before end: Int) -> KeyUse {
        KeyUse(
            start: start, connection: connection, packet: packet, time: time, isTold: isTold, place: place, end: end)
    }
}
