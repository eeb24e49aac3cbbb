import TapAnalysis
import TapCore
import TapWebSocket

/// A connection on the screen of `wstap top`.
struct TopConnection: Sendable {
    /// How it ended, and when.
    struct End: Sendable {
        let time: Timestamp
        let sentence: String
    }

    let number: Int
    let verdict: Verdict
    /// Host and path, or the server where they were not captured.
    let resource: String
    let client: Endpoint
    private(set) var meter = RateMeter()
    private(set) var frames: UInt64 = 0
    private(set) var bytes: UInt64 = 0
    private(set) var findings: [Severity: UInt64] = [:]
    private(set) var lastTime: Timestamp
    /// The latest time between a ping and its pong, in nanoseconds; before the first, that of TCP's handshake.
    private(set) var roundTrip: Int64?
    private(set) var end: End?
    private var pings = OpenPings()

    init(_ handshake: Handshake) {
        number = handshake.connection
        verdict = handshake.verdict
        resource = String((handshake.resource ?? handshake.server.description).prefix(200))
        client = handshake.client
        lastTime = handshake.time
        roundTrip = handshake.roundTrip
        guard !handshake.opensConnection else { return }
        let status = handshake.status.map { "\(handshake.verdict.rawValue): \($0)" } ?? handshake.verdict.rawValue
        end = End(time: handshake.time, sentence: status)
    }

    mutating func note(_ frame: Frame, _ payload: ArraySlice<UInt8>) {
        frames += 1
        bytes &+= frame.header.payloadLength
        lastTime = frame.time
        meter.add(frame.header.payloadLength, from: frame.sender, at: frame.time)
        if let time = pings.note(frame, payload) { roundTrip = time }
    }

    mutating func note(_ finding: Finding) { findings[finding.violation.severity, default: 0] += 1 }

    mutating func note(_ connection: Connection) {
        end = End(time: connection.closed, sentence: connection.close.headline)
        pings = OpenPings()
        if roundTrip == nil { roundTrip = connection.roundTrip }
    }

    /// How long nothing was sent, in nanoseconds.
    func idle(at now: Timestamp) -> Int64 { max(0, now.since(lastTime)) }

    /// How bad the findings are: the worst severity counts before the number.
    var trouble: [UInt64] { [.error, .warning, .note].map { findings[$0] ?? 0 } }
}
