import TapWebSocket

/// Reads the messages of one connection as one protocol.
///
/// Total: whatever the bytes are, it adds items for what it can read, and tells what it cannot.
protocol Annotator: Sendable {
    var `protocol`: ApplicationProtocol { get }

    /// Reads a whole message.
    mutating func annotate(_ payload: [UInt8], _ log: inout ConversationLog)

    /// A part of what a side sent is missing: what was kept of units in progress is of no use any more.
    mutating func lose(_ sender: Sender)
}

extension Annotator {
    mutating func lose(_ sender: Sender) {}
}
