import TapSubprotocols

/// What a message says in the protocol that it belongs to.
///
/// In memory of its own: frames are copied by the million, and few have one.
public final class ApplicationNotes: Sendable {
    /// The first unit in the message, and further ones, which few messages have.
    package let first: ApplicationItem
    package let others: [ApplicationItem]
    /// Which protocol the connection speaks, and what says so; only with the first message that is read so.
    public let recognition: Recognition?

    /// The units in the message, in order.
    public var items: [ApplicationItem] { [first] + others }

    package init(_ first: ApplicationItem, _ others: [ApplicationItem] = [], recognition: Recognition?) {
        self.first = first
        self.others = others
        self.recognition = recognition
    }

    /// Takes the units out of an array; `nil` if there are none.
    package convenience init?(taking items: inout [ApplicationItem], recognition: Recognition?) {
        if items.count > 1 {
            let first = items.removeFirst()
            self.init(first, items, recognition: recognition)
            items = []
        } else if let first = items.popLast() {
            self.init(first, recognition: recognition)
        } else {
            return nil
        }
    }

    /// The same with other units in place of its own.
    package func map(recognition: Recognition?, _ change: (ApplicationItem) -> ApplicationItem) -> ApplicationNotes {
        ApplicationNotes(change(first), others.map(change), recognition: recognition)
    }
}

/// What the messages of a connection were read as, and what was left without an answer.
public struct ConnectionApplication: Equatable, Sendable, Codable {
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
