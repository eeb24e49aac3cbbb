import TapCore

/// When connections were cut, or failed: those that ended without a close frame, or with a code that says that something
/// failed.
public struct CutStatistics: Sendable {
    /// Connections of which the times are kept.
    private static let limit = 10_000
    /// In the order in which they were noted.
    private var cuts: [(order: ObservationOrder, cut: CutPattern.Cut)] = []

    public init() {}

    package mutating func note(
        _ close: ConnectionClose, age: Int64, at time: Timestamp, _ order: ObservationOrder = .start
    ) {
        guard let idle = close.idleTime, cuts.count < CutStatistics.limit else { return }
        switch close.outcome {
        case .cut, .failed:
            let hasFailed = close.outcome == .failed
            cuts.append((order, CutPattern.Cut(idle: idle, age: age, end: time.nanoseconds, hasFailed: hasFailed)))
        case .normal, .application, .open, nil: break
        }
    }

    /// Adds those of other connections.
    mutating func add(_ other: CutStatistics) {
        cuts = Array((cuts + other.cuts).sorted { $0.order < $1.order }.prefix(CutStatistics.limit))
    }

    /// What most of the cut connections share, if there is anything.
    public var pattern: CutPattern? { CutPattern(cuts.map(\.cut)) }
}
