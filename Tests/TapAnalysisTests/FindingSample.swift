import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

/// A conversation that does one thing wrong, and where the analysis is to see it.
struct FindingSample: CustomTestStringConvertible, Sendable {
    struct Place: Equatable, CustomStringConvertible, Sendable {
        let id: FindingID
        let frame: Int?
        let sender: Sender?

        var description: String {
            "\(id.rawValue) at frame \(frame.map(String.init) ?? "-") by \(sender?.rawValue ?? "-")"
        }
    }

    let name: String
    let expected: [Place]
    let conversation: Conversation
    var options = AnalysisOptions()
    /// Its packets, where they are others than one for each segment.
    var packets: [CapturedPacket]?

    var testDescription: String { name }

    /// What was found in the conversation.
    var found: [Place] {
        Observed(packets ?? conversation.segments.packets(), options).findings.map {
            Place(id: $0.violation.id, frame: $0.frame, sender: $0.sender)
        }
    }

    init(
        _ name: String, _ expected: [Place], _ conversation: Conversation,
        _ options: AnalysisOptions = AnalysisOptions()
    ) {
        self.name = name
        self.expected = expected
        self.conversation = conversation
        self.options = options
    }

    static func place(_ id: FindingID, _ sender: Sender? = nil, frame: Int? = nil) -> Place {
        Place(id: id, frame: frame, sender: sender)
    }

    /// A handshake bent in one place.
    init(_ id: FindingID, _ sender: Sender, _ name: String, _ bend: (inout HandshakeBytes) -> Void) {
        var handshake = HandshakeBytes()
        bend(&handshake)
        var conversation = Conversation.upgraded(handshake)
        conversation.close(by: .client)
        self.init(name, [Place(id: id, frame: nil, sender: sender)], conversation)
    }

    /// A valid handshake, then what `talk` sends.
    init(
        _ id: FindingID, _ sender: Sender, frame: Int? = nil, _ name: String, extensions: String? = nil,
        talk: (inout Conversation) -> Void
    ) {
        var conversation = Conversation.upgraded(
            HandshakeBytes(extensions: extensions, chosenExtensions: extensions))
        talk(&conversation)
        self.init(name, [Place(id: id, frame: frame, sender: sender)], conversation)
    }
}
