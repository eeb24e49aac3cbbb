import TapCore
import TapWebSocket

/// A request that had no answer when its connection or the capture ended.
public struct PendingApplicationRequest: Equatable, Sendable, Codable {
    /// Why nothing more can be said of its answer.
    public enum Outcome: String, Sendable, Codable {
        /// The capture ended while the connection was open.
        case captureEnded = "capture-ended"
        /// The connection was closed too soon after it.
        case closed
        /// It was never answered while the connection lived.
        case unanswered
    }

    public var `protocol`: ApplicationProtocol
    public var kind: String
    public var name: String?
    public var id: String
    public var sender: Sender
    /// The number of its message in the connection.
    public var message: Int
    public var time: Timestamp
    public var outcome: Outcome
}
