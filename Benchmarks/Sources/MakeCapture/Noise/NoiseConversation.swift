/// A conversation without WebSocket frames, which goes on until it is told to end, or has nothing more to say.
protocol NoiseConversation: Conversation {
    /// How many bytes of a capture it takes at most, if it ends by itself.
    var mostBytes: Int? { get }

    /// Starts nothing more; `step` sends what is left.
    mutating func finish()
}

extension NoiseConversation {
    var mostBytes: Int? { nil }
}
