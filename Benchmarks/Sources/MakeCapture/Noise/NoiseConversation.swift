/// A conversation without WebSocket frames, which goes on until it is told to end, or has nothing more to say.
protocol NoiseConversation: Conversation {
    /// Starts nothing more; `step` sends what is left.
    mutating func finish()
}
