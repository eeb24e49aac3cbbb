/// Flows that take turns, and what they may still use of the capture.
struct FlowSet {
    private var flows: [NoiseFlow] = []

    /// The sum of what is left of their budgets.
    private(set) var promisedBytes = 0

    var isEmpty: Bool { flows.isEmpty }
    var count: Int { flows.count }

    mutating func append(_ flow: NoiseFlow) {
        flows.append(flow)
        promisedBytes += flow.remainingBudget
    }

    /// Lets one flow, chosen by chance, go on, and drops it when it has ended.
    mutating func stepAny(in wire: inout Wire) {
        guard !flows.isEmpty else { return }
        let index = wire.random.next(below: flows.count)
        promisedBytes -= flows[index].remainingBudget
        flows[index].step(in: &wire)
        if flows[index].isFinished {
            flows.swapAt(index, flows.count - 1)
            flows.removeLast()
        } else {
            promisedBytes += flows[index].remainingBudget
        }
    }
}
