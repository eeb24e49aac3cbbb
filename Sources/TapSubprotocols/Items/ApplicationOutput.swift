/// What annotators found in one or more messages, in order.
public struct ApplicationOutput: Sendable {
    public var items: [ApplicationItem] = []
    public var findings: [ApplicationFinding] = []

    public init() {}

    public mutating func removeAll() {
        items.removeAll(keepingCapacity: true)
        findings.removeAll(keepingCapacity: true)
    }
}
