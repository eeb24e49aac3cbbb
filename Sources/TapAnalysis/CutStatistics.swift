import TapCore

/// When connections were cut: those that ended without the closing handshake, or with a code that says that something
/// went wrong.
public struct CutStatistics: Sendable {
    /// Connections of which the times are kept.
    private static let limit = 10_000
    /// In the order in which they were noted.
    private var cuts: [(order: ObservationOrder, cut: CutPattern.Cut)] = []

    public init() {}

    package mutating func note(
        _ close: ConnectionClose, age: Int64, at time: Timestamp, _ order: ObservationOrder = .start
    ) {
        guard let sign = close.sign, let idle = close.idleTime, cuts.count < CutStatistics.limit else { return }
        if sign == .close ? close.isOrdinary : !close.isWithoutClose { return }
        cuts.append((order, CutPattern.Cut(idle: idle, age: age, end: time.nanoseconds)))
    }

    /// Adds those of other connections.
    mutating func add(_ other: CutStatistics) {
        cuts = Array((cuts + other.cuts).sorted { $0.order < $1.order }.prefix(CutStatistics.limit))
    }

    /// What most of the cut connections share, if there is anything.
    public var pattern: CutPattern? { CutPattern(cuts.map(\.cut)) }
}

extension ConnectionClose {
    /// Whether a close frame says no more than that somebody is done; browsers say 1001 when a page is left.
    fileprivate var isOrdinary: Bool {
        switch body?.code?.rawValue {
        case nil, 1000: true
        case 1001: initiator == .client
        default: false
        }
    }
}
