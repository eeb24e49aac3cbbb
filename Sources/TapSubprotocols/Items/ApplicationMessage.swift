import TapCore
import TapWebSocket

/// What annotators know of a message beside its payload.
public struct ApplicationMessage: Equatable, Sendable {
    /// The message's number in its connection.
    public var number: Int
    public var sender: Sender
    public var isText: Bool
    /// When its first byte was captured, and its last.
    public var firstTime: Timestamp
    public var time: Timestamp

    public init(number: Int, sender: Sender, isText: Bool, firstTime: Timestamp, time: Timestamp) {
        self.number = number
        self.sender = sender
        self.isText = isText
        self.firstTime = firstTime
        self.time = time
    }
}
