import TapSubprotocols

/// What a message says in the protocol that it belongs to.
///
/// In memory of its own: frames are copied by the million, and few have one.
public final class ApplicationNotes: Sendable {
    /// The units in the message, in order.
    public let items: [ApplicationItem]
    /// Which protocol the connection speaks, and what says so; only with the first message that is read so.
    public let recognition: Recognition?

    package init(items: [ApplicationItem], recognition: Recognition?) {
        self.items = items
        self.recognition = recognition
    }
}

/// What the messages of a connection were read as, and what was left without an answer.
public struct ConnectionApplication: Equatable, Sendable {
    /// `nil` where the messages are of no protocol that is known.
    public let recognition: Recognition?
    /// Requests that had no answer when the capture or the connection ended, in the order in which they were sent.
    public let openRequests: [PendingApplicationRequest]

    /// Requests that never had one.
    public var unanswered: Int { openRequests.count { $0.outcome == .unanswered } }
    /// Requests that had none yet, though there may not have been enough time.
    public var pending: Int { openRequests.count - unanswered }

    package init(recognition: Recognition?, openRequests: [PendingApplicationRequest]) {
        self.recognition = recognition
        self.openRequests = openRequests
    }
}
