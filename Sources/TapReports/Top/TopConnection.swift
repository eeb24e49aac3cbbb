import TapAnalysis
import TapCore
import TapHTTP
import TapWebSocket

/// A connection on the screen of `wstap top`.
struct TopConnection: Sendable {
    /// How it ended, and when.
    struct End: Sendable {
        let time: Timestamp
        /// The code and who ended it: `1011 server`; or the status: `503`.
        let state: String
        let ink: Ink
    }

    let number: Int
    /// Host and path, or the server where they were not captured.
    let resource: String
    let host: String
    /// The same without what stands in the query.
    let path: String
    let client: Endpoint
    private(set) var meter = RateMeter()
    private(set) var history = FrameHistory()
    private(set) var frames: UInt64 = 0
    private(set) var findings: [Severity: UInt64] = [:]
    private(set) var lastTime: Timestamp
    /// That of TCP's handshake, and the latest time between a ping and its pong, in nanoseconds.
    private(set) var tcpRoundTrip: Int64?
    private(set) var pingRoundTrip: Int64?
    private(set) var end: End?
    /// When something last took longer than it may.
    private var slowness: Timestamp?
    private let verdict: Verdict
    private var pings = OpenPings()

    /// Characters of a name that are kept.
    private static let nameLength = 200
    /// How long a connection is called slow, in nanoseconds.
    private static let slowTime: Int64 = 30_000_000_000

    /// - Parameter slow: how long an answer may take, in nanoseconds.
    init(_ handshake: Handshake, slow: Int64) {
        number = handshake.connection
        verdict = handshake.verdict
        let server = handshake.server.description
        resource = String((handshake.resource ?? server).prefix(TopConnection.nameLength))
        host = String((handshake.request?.host ?? server).prefix(TopConnection.nameLength))
        path = String(resource.prefix { $0 != "?" })
        client = handshake.client
        lastTime = handshake.time
        tcpRoundTrip = handshake.roundTrip
        if handshake.responseTime ?? 0 > slow { slowness = handshake.time }
        guard !handshake.opensConnection else { return }
        end = End(time: handshake.time, state: handshake.endState, ink: handshake.verdict.mark.ink)
    }

    mutating func note(_ frame: Frame, _ payload: ArraySlice<UInt8>, slow: Int64) {
        frames += 1
        lastTime = frame.time
        meter.add(frame.header.payloadLength, from: frame.sender, at: frame.time)
        history.add(at: frame.time)
        let latencies = (frame.application?.items ?? []).compactMap { $0.answer?.latency }
        if latencies.contains(where: { $0 > slow }) { slowness = frame.time }
        guard let time = pings.note(frame, payload) else { return }
        pingRoundTrip = time
        if time > slow { slowness = frame.time }
    }

    mutating func note(_ finding: Finding) { findings[finding.violation.severity, default: 0] += 1 }

    mutating func note(_ connection: Connection) {
        let close = connection.close
        let ink: Ink = close.outcome == .normal ? .faint : close.mark.ink
        end = End(time: connection.closed, state: close.state, ink: ink)
        pings = OpenPings()
        if tcpRoundTrip == nil { tcpRoundTrip = connection.roundTrip }
    }

    /// How it stands, in a word or two: `open`, `slow`, `1006 server`, `503`.
    func state(at now: Timestamp) -> Piece {
        if let end { return Piece(end.state, end.ink) }
        if let slowness, now.since(slowness) < TopConnection.slowTime { return Piece("slow", .warning) }
        switch verdict {
        case .valid: return Piece("open", .good)
        case .invalid: return Piece("open ✗", .error)
        case .refused, .unanswered, .unverifiable, .midstream: return Piece("open ~", .note)
        }
    }

    /// How long nothing was sent, in nanoseconds.
    func idle(at now: Timestamp) -> Int64 { max(0, now.since(lastTime)) }
}

extension Handshake {
    /// What became of one that opened nothing, in a word: its status, if it has one.
    var endState: String { status.map { "\($0)" } ?? verdict.rawValue }
}
