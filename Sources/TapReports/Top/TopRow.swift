import TapCore
import TapWebSocket

/// A row of the screen of `wstap top`: a connection, or all of one host or path.
struct TopRow: Sendable {
    /// What stays the same while everything else changes.
    enum Identity: Hashable, Sendable {
        case connection(Int)
        case group(String)
    }

    let identity: Identity
    /// A connection's number; how many connections a group has.
    let count: Int
    /// Host and path.
    let name: String
    let client: String
    let state: Piece
    let isOver: Bool
    let rate: (frames: Double, bytesFromClient: Double, bytesFromServer: Double)
    let frames: UInt64
    /// Round trips in nanoseconds; of a group the longest.
    let tcpRoundTrip: Int64?
    let pingRoundTrip: Int64?
    let findings: [Severity: UInt64]
    /// How long nothing was sent, in nanoseconds.
    let idle: Int64
    let history: [FrameHistory]

    init(_ connection: TopConnection, at now: Timestamp) {
        identity = .connection(connection.number)
        count = connection.number
        name = connection.resource
        client = connection.client.description
        state = connection.state(at: now)
        isOver = connection.end != nil
        rate = connection.meter.rate(at: now)
        frames = connection.frames
        tcpRoundTrip = connection.tcpRoundTrip
        pingRoundTrip = connection.pingRoundTrip
        findings = connection.findings
        idle = connection.idle(at: now)
        history = [connection.history]
    }

    /// - Parameter connections: at least one.
    init(_ name: String, of connections: [TopConnection], at now: Timestamp) {
        identity = .group(name)
        count = connections.count
        self.name = name
        client = ""
        let open = connections.count { $0.end == nil }
        state = open > 0 ? Piece("open \(Decimal.grouped(UInt64(open)))") : Piece("ended", .faint)
        isOver = open == 0
        rate = connections.map { $0.meter.rate(at: now) }.reduce((0, 0, 0)) {
            ($0.0 + $1.frames, $0.1 + $1.bytesFromClient, $0.2 + $1.bytesFromServer)
        }
        frames = connections.reduce(0) { $0 + $1.frames }
        tcpRoundTrip = connections.compactMap(\.tcpRoundTrip).max()
        pingRoundTrip = connections.compactMap(\.pingRoundTrip).max()
        findings = connections.reduce(into: [:]) { $0.merge($1.findings) { $0 + $1 } }
        idle = connections.map { $0.idle(at: now) }.min() ?? 0
        history = connections.map(\.history)
    }

    /// What it is called beside its name.
    var label: String {
        switch identity {
        case .connection(let number): "#\(number)"
        case .group: "\(count)"
        }
    }

    /// That of TCP where there was no ping.
    var roundTrip: Int64? { pingRoundTrip ?? tcpRoundTrip }

    var bytesPerSecond: Double { rate.bytesFromClient + rate.bytesFromServer }

    /// How bad the findings are: the worst severity counts before the number.
    var trouble: [UInt64] { [.error, .warning, .note].map { findings[$0] ?? 0 } }

    /// Frames in equal parts of the last minute, the oldest first.
    func activity(at now: Timestamp, cells: Int) -> [UInt64] {
        history.reduce(into: [UInt64](repeating: 0, count: cells)) { sums, history in
            for (cell, value) in history.values(at: now, cells: cells).enumerated() { sums[cell] += value }
        }
    }
}
