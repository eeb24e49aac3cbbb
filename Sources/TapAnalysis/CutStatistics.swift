/// When connections were cut: those that ended without the closing handshake, or with a code that says that something
/// went wrong.
public struct CutStatistics: Equatable, Sendable {
    /// Connections of which the times are kept.
    private static let limit = 10_000
    private var idleTimes: [Int64] = []
    private var ages: [Int64] = []

    public init() {}

    mutating func note(_ close: ConnectionClose, age: Int64) {
        guard let sign = close.sign, let idle = close.idleTime, idleTimes.count < CutStatistics.limit else { return }
        if sign == .close, close.body?.code?.rawValue == 1000 || close.body?.code == nil { return }
        idleTimes.append(idle)
        ages.append(age)
    }

    /// The time that most of the cut connections share, if there is one: their idle time before all, else their age.
    public var pattern: CutPattern? {
        CutPattern(.idle, idleTimes) ?? CutPattern(.age, ages)
    }
}
