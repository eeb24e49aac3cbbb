import TapCore

/// Two captures held against each other, or two connections of one.
public struct CaptureComparison: Sendable {
    let first: ComparedCapture
    let second: ComparedCapture
    private(set) var connections: [ConnectionComparison] = []
    /// Connections of which the other capture has none, by number.
    private(set) var onlyInFirst: [ComparedConnection] = []
    private(set) var onlyInSecond: [ComparedConnection] = []
    private(set) var clock: Result<ClockOffset, ClockOffset.Unknown>
    /// Whether both have one clock.
    let isOneCapture: Bool

    /// - Parameters:
    ///   - isOneCapture: whether both were captured at one place, by one clock.
    ///   - isChosen: whether the connections were chosen: then they belong together, whatever they are.
    ///   - slow: from how many nanoseconds on a message is told to be late.
    public init(
        _ first: ComparedCapture, _ second: ComparedCapture, isOneCapture: Bool, isChosen: Bool, slow: Int64
    ) {
        (self.first, self.second) = (first, second)
        self.isOneCapture = isOneCapture
        let matches =
            isChosen
            ? zip(first.connections.indices, second.connections.indices).map { ($0, $1, .chosen) }
            : ConnectionMatching(first.connections, second.connections).matches
        connections = matches.map { ConnectionComparison(first.connections[$0], second.connections[$1], by: $2) }
        let (known, others) = (Set(matches.map(\.0)), Set(matches.map(\.1)))
        onlyInFirst = first.connections.indices.filter { !known.contains($0) }.map { first.connections[$0] }
        onlyInSecond = second.connections.indices.filter { !others.contains($0) }.map { second.connections[$0] }
        var samples = OffsetSamples()
        for connection in connections { connection.add(to: &samples) }
        if isOneCapture {
            clock = .success(ClockOffset(ofOneClockWith: samples))
        } else {
            clock = Result { () throws(ClockOffset.Unknown) in try ClockOffset(samples) }
        }
        let offset = try? clock.get()
        for index in connections.indices { connections[index].judge(by: offset, slow: slow) }
    }

    /// Whether there is nothing that both have.
    public var isEmpty: Bool { connections.isEmpty }

    /// Whether nothing differs, as far as both show it.
    public var isAlike: Bool { connections.allSatisfy(\.isAlike) }
}
