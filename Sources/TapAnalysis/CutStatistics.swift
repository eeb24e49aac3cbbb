import TapCore

/// When connections were cut, or failed: those that ended without a close frame, or with a code that says that something
/// failed.
public struct CutStatistics: Sendable, Codable {
    /// Connections of which the times are kept.
    private static let limit = 10_000
    private struct Entry: Codable {
        let order: ObservationOrder
        let connection: ConnectionID
        let cut: CutPattern.Cut
    }

    /// In the order in which they were noted.
    private var cuts: [Entry] = []
    /// First legs by their second ones; as many at most.
    private var firstLegs: [ConnectionID: ConnectionID] = [:]

    public init() {}

    package mutating func note(
        _ close: ConnectionClose, of connection: ConnectionID, age: Int64, at time: Timestamp,
        _ order: ObservationOrder = .start
    ) {
        guard let idle = close.idleTime, cuts.count < CutStatistics.limit else { return }
        switch close.outcome {
        case .cut, .failed:
            let hasFailed = close.outcome == .failed
            let cut = CutPattern.Cut(idle: idle, age: age, end: time.nanoseconds, hasFailed: hasFailed)
            cuts.append(Entry(order: order, connection: connection, cut: cut))
        case .normal, .application, .open, nil: break
        }
    }

    /// A proxy made one connection of another: what ends both is one cut.
    mutating func noteSecondLeg(_ second: ConnectionID, of first: ConnectionID) {
        if firstLegs.count < CutStatistics.limit { firstLegs[second] = first }
    }

    /// Adds those of other connections.
    mutating func add(_ other: CutStatistics) {
        firstLegs.merge(other.firstLegs) { known, _ in known }
        cuts = Array((cuts + other.cuts).sorted { $0.order < $1.order }.prefix(CutStatistics.limit))
    }

    /// What most of the cut connections share, if there is anything.
    public var pattern: CutPattern? {
        guard !firstLegs.isEmpty else { return CutPattern(cuts.map(\.cut), ofExchanges: false) }
        let known = Set(cuts.map(\.connection))
        let exchanges = cuts.filter { cut in firstLegs[cut.connection].map { !known.contains($0) } ?? true }
        return CutPattern(exchanges.map(\.cut), ofExchanges: exchanges.count < cuts.count)
    }
}
