/// A flow without WebSocket frames, which ends when it has used so many bytes of the capture.
struct NoiseFlow: Conversation {
    private var conversation: any NoiseConversation
    private var budget: Int

    var isFinished: Bool { conversation.isFinished }

    /// How many more bytes it may use.
    var remainingBudget: Int { max(0, budget) }

    /// - Parameter budget: what it may use, unless the conversation ends by itself before.
    init(_ conversation: any NoiseConversation, budget: Int) {
        self.conversation = conversation
        self.budget = min(budget, conversation.mostBytes ?? budget)
    }

    mutating func step(in wire: inout Wire) {
        let size = wire.file.size
        if budget <= 0 { conversation.finish() }
        conversation.step(in: &wire)
        budget -= wire.file.size - size
    }
}
