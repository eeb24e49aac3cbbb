/// Two ends that talk, a few packets a step, so that many conversations can be interleaved.
protocol Conversation {
    var isFinished: Bool { get }

    /// Sends the next packets.
    mutating func step(in wire: inout Wire)
}

extension Array where Element: Conversation {
    /// Lets one conversation, chosen by chance, go on, and drops it when it has ended.
    mutating func stepAny(in wire: inout Wire) {
        guard !isEmpty else { return }
        let index = wire.random.next(below: count)
        self[index].step(in: &wire)
        if self[index].isFinished {
            swapAt(index, count - 1)
            removeLast()
        }
    }

    /// Interleaves all conversations until each has ended.
    mutating func stepUntilFinished(in wire: inout Wire) {
        while !isEmpty { stepAny(in: &wire) }
    }
}
