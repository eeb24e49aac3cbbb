import TapAnalysis
import TapCore
import TapWebSocket

/// The connections that there are now, with what they send: what `wstap top` draws again and again.
///
/// As a report it writes nothing until its end, when it writes the totals.
public struct TopReport: Report {
    /// Connections that are followed; of more the frames are counted only.
    private static let limit = 10_000
    /// How long a connection stays after its end, in nanoseconds.
    static let stay: Int64 = 15_000_000_000
    private static let latestCount = 3

    let hasColor: Bool
    private var known: [TopConnection] = []
    private var places: [Int: Int] = [:]
    private(set) var frames: UInt64 = 0
    private(set) var seen: UInt64 = 0
    /// The latest findings, the last one at the end.
    private(set) var latest: [Finding] = []

    public init(color: Bool) { hasColor = color }

    public mutating func write(_ observations: Observations, start: Timestamp, to output: inout [UInt8]) {
        for observation in observations.all {
            switch observation {
            case .handshake(let handshake):
                seen += 1
                makeRoom(at: handshake.time)
                guard known.count < TopReport.limit else { continue }
                places[handshake.connection] = known.count
                known.append(TopConnection(handshake))
            case .frame(let frame):
                frames += 1
                change(frame.connection) { $0.note(frame, observations.payload(of: frame)) }
            case .finding(let finding):
                latest.append(finding)
                if latest.count > TopReport.latestCount { latest.removeFirst() }
                change(finding.connection) { $0.note(finding) }
            case .connection(let connection): change(connection.number) { $0.note(connection) }
            case .message, .tls: break
            }
        }
    }

    public mutating func finish(_ summary: Summary, dropped: UInt64, to output: inout [UInt8]) {
        output += summary.lines(dropped: dropped, width: 80, hasColor: hasColor)
    }

    /// What is open, or has ended just now.
    func shown(at now: Timestamp) -> [TopConnection] {
        known.filter { $0.end.map { now.since($0.time) < TopReport.stay } ?? true }
    }

    private mutating func change(_ connection: Int, _ body: (inout TopConnection) -> Void) {
        if let place = places[connection] { body(&known[place]) }
    }

    /// Forgets what ended long ago, once that is worth the effort.
    private mutating func makeRoom(at now: Timestamp) {
        guard known.count >= 256, known.count.isMultiple(of: 256) || known.count == TopReport.limit else { return }
        known = shown(at: now)
        places = Dictionary(uniqueKeysWithValues: known.enumerated().map { ($0.element.number, $0.offset) })
    }
}
