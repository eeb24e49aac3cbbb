import TapCore
import TapWebSocket

/// Something about what the peers said to each other that is worth a finding.
public struct ApplicationFinding: Equatable, Sendable {
    /// The stable public names.
    public enum ID: String, CaseIterable, Sendable {
        /// The protocol says that a request failed.
        case error = "application-error"
        /// A request that demands an answer had none while the connection lived.
        case unanswered = "application-unanswered"
        /// An answer took longer than ``ApplicationLimits/slow``.
        case slow = "application-slow"
        /// An id was used again while the first use of it was still open.
        case duplicateID = "application-duplicate-id"
        /// A peer was silent for longer than both had agreed.
        case heartbeatMissed = "application-heartbeat-missed"
        /// A message does not parse as the protocol that the connection speaks.
        case malformed = "application-malformed"
    }

    public var id: ID
    public var `protocol`: ApplicationProtocol
    /// Whose message it is about; of a missed heartbeat and a missing answer, who should have sent it.
    public var sender: Sender
    /// The message that it is about: the failing or late answer, the request without answer, the second use of an id; the
    /// last message before a silence, and `nil` where there was none.
    public var message: Int?
    public var time: Timestamp
    public var detail: String
}
