/// What annotators found in one or more messages, in order.
public struct ApplicationOutput: Sendable {
    public var items: [ApplicationItem] = []
    public var findings: [ApplicationFinding] = []

    public init() {}

    public mutating func removeAll() {
        if !items.isEmpty { items.removeAll(keepingCapacity: true) }
        if !findings.isEmpty { findings.removeAll(keepingCapacity: true) }
    }
}
