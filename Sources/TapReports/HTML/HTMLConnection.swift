import TapAnalysis
import TapHTTP
import TapWebSocket

/// What a report in HTML shows of a connection.
struct HTMLConnection {
    /// Characters of one line of a head.
    static let lineLimit = 4_096
    /// Lines of a head.
    static let fieldLimit = 100

    let handshake: Handshake
    let checklist: HandshakeChecklist?
    /// How much is shown of what was sent.
    let payload: PayloadDetail
    private(set) var connection: Connection?

    init(_ handshake: Handshake, _ violations: [Violation], _ payload: PayloadDetail) {
        self.handshake = handshake
        self.payload = payload
        // Where no head was captured there is nothing to check off.
        checklist =
            handshake.verdict == .midstream
            ? nil
            : HandshakeChecklist(request: handshake.request, response: handshake.response, violations: violations)
    }

    mutating func end(_ connection: Connection) { self.connection = connection }
}

extension HTTPHead {
    /// The start line in the words of the head.
    package var startText: String {
        switch startLine {
        case .request(let method, let target, let version): "\(method) \(target) \(version)"
        case .response(let version, let status, let reason): "\(version) \(status) \(reason)"
        }
    }
}
