import TapAnalysis
import TapCore
import TapWebSocket

/// The connections that there are now, with what they send and what was said last: what `wstap top` draws again and again.
///
/// As a report it writes nothing until its end, when it writes the totals.
public struct TopReport: Report, Sendable {
    /// Connections that are followed one by one; of more the frames are counted only.
    private static let limit = 10_000
    /// Of these, those that have ended: the latest.
    private static let endedLimit = 1_000
    /// How long a connection stays after its end, in nanoseconds.
    static let stay: Int64 = 60_000_000_000
    private static let latestCount = 3

    /// A finding, and how many there were of its kind on its connection.
    struct LatestFinding: Sendable {
        let finding: Finding
        let count: UInt64

        fileprivate func isAlike(_ other: Finding) -> Bool {
            finding.connection == other.connection && finding.violation.id == other.violation.id
        }
    }

    let hasColor: Bool
    /// How long an answer may take before its connection is called slow, in nanoseconds.
    private let slow: Int64
    private var known: [TopConnection] = []
    private var places: [Int: Int] = [:]
    /// Those that have ended, the earliest first.
    private var ended = RecentQueue<Int>()
    private(set) var open = 0
    private(set) var seen: UInt64 = 0
    private(set) var frames: UInt64 = 0
    private(set) var meter = RateMeter()
    private(set) var history = FrameHistory()
    private(set) var ends = RecentEnds()
    private(set) var talk = RecentTalk()
    /// The latest findings, the last one at the end.
    private(set) var latest: [LatestFinding] = []
    /// When the first packet was captured.
    private(set) var start = Timestamp(nanoseconds: 0)

    public init(color: Bool, slow: Int64) {
        hasColor = color
        self.slow = slow
    }

    public mutating func write(_ observations: Observations, start: Timestamp, to output: inout [UInt8]) {
        self.start = start
        for observation in observations.all {
            note(observation, observations)
            if let number = observation.connectionNumber, places[number] != nil {
                talk.note(observation, of: observations)
            }
        }
    }

    private mutating func note(_ observation: Observation, _ observations: Observations) {
        switch observation {
        case .handshake(let handshake): note(handshake)
        case .frame(let frame):
            frames += 1
            meter.add(frame.header.payloadLength, from: frame.sender, at: frame.time)
            history.add(at: frame.time)
            let slow = slow
            change(frame.connection) { $0.note(frame, observations.payload(of: frame), slow: slow) }
        case .finding(let finding):
            noteLatest(finding)
            change(finding.connection) { $0.note(finding) }
        case .connection(let connection):
            open = max(0, open - 1)
            ends.add(connection.close.cause, at: connection.closed)
            change(connection.number) { $0.note(connection) }
            if places[connection.number] != nil { end(connection.number) }
        case .message, .tls: break
        }
    }

    private mutating func noteLatest(_ finding: Finding) {
        var latest = latest
        let before = latest.firstIndex { $0.isAlike(finding) }.map { latest.remove(at: $0).count } ?? 0
        latest.append(LatestFinding(finding: finding, count: before + 1))
        self.latest = latest.suffix(TopReport.latestCount)
    }

    private mutating func note(_ handshake: Handshake) {
        seen += 1
        if handshake.opensConnection { open += 1 } else { ends.add(handshake.endState, at: handshake.time) }
        if known.count >= TopReport.limit, let oldest = ended.first { forget(oldest) }
        guard known.count < TopReport.limit else { return }
        places[handshake.connection] = known.count
        known.append(TopConnection(handshake, slow: slow))
        if !handshake.opensConnection { end(handshake.connection) }
    }

    public mutating func finish(_ summary: Summary, dropped: UInt64, to output: inout [UInt8]) {
        output += summary.lines(dropped: dropped, width: 80, hasColor: hasColor)
    }

    /// What is open, or has ended a short while ago.
    func shown(at now: Timestamp) -> [TopConnection] {
        known.filter { $0.end.map { now.since($0.time) < TopReport.stay } ?? true }
    }

    func connection(_ number: Int) -> TopConnection? { places[number].map { known[$0] } }

    private mutating func change(_ connection: Int, _ body: (inout TopConnection) -> Void) {
        if let place = places[connection] { body(&known[place]) }
    }

    private mutating func end(_ connection: Int) {
        ended.append(connection)
        if ended.count > TopReport.endedLimit, let oldest = ended.first { forget(oldest) }
    }

    /// Forgets the connection that has ended first.
    private mutating func forget(_ connection: Int) {
        _ = ended.popFirst()
        talk.forget(connection)
        guard let place = places.removeValue(forKey: connection) else { return }
        known.swapAt(place, known.count - 1)
        known.removeLast()
        if place < known.count { places[known[place].number] = place }
    }
}
