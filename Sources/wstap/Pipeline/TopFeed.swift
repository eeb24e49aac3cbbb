import Synchronization
import TapAnalysis
import TapCore
import TapReports

/// What `top` draws, while another thread may add to it.
final class TopFeed: Destination, Sendable {
    private struct State {
        var report: TopReport
        /// When the latest of it was captured, and when that came here.
        var latest: (time: Timestamp, arrival: ContinuousClock.Instant)?
        var totals: [UInt8] = []
        var hasEnded = false
        var hasFailed = false
        /// Whether nobody looks at it any more, though more may come.
        var isLeft = false
    }

    private let state: Mutex<State>

    init(_ report: TopReport) { state = Mutex(State(report: report)) }

    /// Nothing else may be drawn on the terminal.
    var isOnScreen: Bool { true }

    var top: TopReport { state.withLock { $0.report } }

    /// Whether no more comes.
    var hasEnded: Bool { state.withLock { $0.hasEnded } }

    /// The totals at its end, as they are written.
    var totals: [UInt8] { state.withLock { $0.totals } }

    /// The clock of whoever captured, as far as packets tell it.
    var now: Timestamp {
        state.withLock { state in
            guard var latest = state.latest else { return LiveAnalysis.now }
            let passed = (ContinuousClock.now - latest.arrival).components
            latest.time.nanoseconds &+= passed.seconds * 1_000_000_000 + passed.attoseconds / 1_000_000_000
            return latest.time
        }
    }

    func write(_ observations: Observations, start: Timestamp) throws(OutputError) {
        state.withLock { state in
            var nothing: [UInt8] = []
            state.report.write(observations, start: start, to: &nothing)
            var last = state.latest?.time
            for observation in observations.all {
                if let time = observation.time { last = max(last ?? time, time) }
            }
            if let last, last != state.latest?.time { state.latest = (last, ContinuousClock.now) }
        }
    }

    func finish(_ summary: Summary, dropped: UInt64) throws(OutputError) {
        state.withLock { state in
            state.hasEnded = true
            state.report.finish(summary, dropped: dropped, to: &state.totals)
        }
    }

    /// It could not be read at all.
    func fail() { state.withLock { $0.hasFailed = true } }

    var hasFailed: Bool { state.withLock { $0.hasFailed } }

    /// Nobody draws it any more.
    func leave() { state.withLock { $0.isLeft = !$0.hasEnded } }

    var isLeft: Bool { state.withLock { $0.isLeft } }
}

/// Why a screen could not be drawn, from the thread that draws it.
final class DrawingFailure: Sendable {
    private let state = Mutex<(any Error)?>(nil)

    var error: (any Error)? { state.withLock { $0 } }

    func note(_ error: any Error) { state.withLock { $0 = error } }
}

extension Observation {
    /// When it was captured.
    fileprivate var time: Timestamp? {
        switch self {
        case .handshake(let handshake): handshake.time
        case .frame(let frame): frame.time
        case .connection(let connection): connection.closed
        case .message, .finding, .tls: nil
        }
    }
}
