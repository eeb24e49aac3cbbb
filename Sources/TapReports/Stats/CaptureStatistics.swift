import TapAnalysis
import TapCore
import TapWebSocket

/// The figures of a whole capture. What is kept of each connection is kept only while it is open; everything else has a
/// fixed size, or a limit.
struct CaptureStatistics: Sendable, Codable {
    /// Connections that are listed as the busiest.
    private static let busiestCount = 10

    /// What must be remembered of an open connection.
    private struct Open: Codable {
        var resource: Int?
        var client: Int?
        var lastMessage: [Sender: Timestamp] = [:]
    }

    /// By host and path, without the query.
    private(set) var resources = TrafficTable()
    /// By the client's address.
    private(set) var clients = TrafficTable()
    private(set) var fromClient = SentStatistics()
    private(set) var fromServer = SentStatistics()
    /// In nanoseconds.
    private(set) var durations = Distribution()
    /// Of TCP's handshakes, in nanoseconds.
    private(set) var tcpRoundTrips = Distribution()
    private(set) var timeline = Timeline()
    private(set) var closings = ClosingStatistics()
    /// Those with the most payload, the busiest first.
    private(set) var busiest: [Connection] = []
    private var open: [Int: Open] = [:]

    func from(_ sender: Sender) -> SentStatistics { sender == .client ? fromClient : fromServer }

    mutating func note(_ observation: Observation, start: Timestamp) {
        switch observation {
        case .handshake(let handshake): note(handshake)
        case .frame(let frame): timeline.note(frame.sender, at: frame.time.since(start))
        case .message(let message): note(message)
        case .connection(let connection): note(connection)
        case .finding, .tls: break
        }
    }

    private mutating func note(_ handshake: Handshake) {
        let resource = resources.place(of: handshake.hostAndPath ?? "(handshake not captured)")
        let client = clients.place(of: handshake.client.address.description)
        resources.change(at: resource) { $0.add(handshake) }
        clients.change(at: client) { $0.add(handshake) }
        guard handshake.opensConnection else { return }
        open[handshake.connection] = Open(resource: resource, client: client)
    }

    private mutating func note(_ message: Message) {
        let last = open[message.connection]?.lastMessage.updateValue(message.time, forKey: message.sender)
        change(message.sender) { sent in
            sent.add(message)
            // Where the clock stepped back, nobody knows.
            if let last, message.time >= last { sent.gaps.add(message.time.since(last)) }
        }
    }

    private mutating func note(_ connection: Connection) {
        change(.client) { $0.add(connection.fromClient, connection.clientPings) }
        change(.server) { $0.add(connection.fromServer, connection.serverPings) }
        if let duration = connection.duration { durations.add(duration) }
        if let time = connection.roundTrip { tcpRoundTrips.add(time) }
        closings.add(connection.close)
        if let known = open.removeValue(forKey: connection.number) {
            resources.change(at: known.resource) { $0.add(connection) }
            clients.change(at: known.client) { $0.add(connection) }
        }
        noteBusiest(connection)
    }

    /// Adds what was observed of other connections, but for which of them are the busiest.
    mutating func merge(_ other: CaptureStatistics) {
        resources.merge(other.resources)
        clients.merge(other.clients)
        fromClient.merge(other.fromClient)
        fromServer.merge(other.fromServer)
        durations.merge(other.durations)
        tcpRoundTrips.merge(other.tcpRoundTrips)
        timeline.merge(other.timeline)
        closings.merge(other.closings)
    }

    /// Lists a connection, if it is one of the busiest; those that end at the same time go in the order of all.
    mutating func noteBusiest(_ connection: Connection) {
        let place = busiest.firstIndex { $0.payloadBytes < connection.payloadBytes } ?? busiest.count
        guard place < CaptureStatistics.busiestCount else { return }
        busiest.insert(connection, at: place)
        if busiest.count > CaptureStatistics.busiestCount { busiest.removeLast() }
    }

    private mutating func change(_ sender: Sender, _ body: (inout SentStatistics) -> Void) {
        switch sender {
        case .client: body(&fromClient)
        case .server: body(&fromServer)
        }
    }
}

extension Connection {
    var payloadBytes: UInt64 { fromClient.payloadBytes &+ fromServer.payloadBytes }
}

extension Handshake {
    /// `localhost:8080/chat`: the resource without its query, which often differs from client to client.
    fileprivate var hostAndPath: String? {
        resource.map { String($0.prefix { $0 != "?" }) }
    }
}
