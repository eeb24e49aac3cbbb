/// What became of an opening handshake.
public enum Verdict: String, Sendable, CaseIterable, Codable {
    /// A 101 that keeps every MUST.
    case valid
    /// A 101 that breaks a MUST, or that answers a request that does.
    case invalid
    /// Any other status.
    case refused
    /// The request is there, a response is not.
    case unanswered
    /// One side was not captured, or a part of it is missing.
    case unverifiable
    /// The connection was recognised from its frames; its handshake was not captured.
    case midstream

    /// Whether the opening was seen whole: of what began in the middle nobody knows the whole.
    var isOpeningSeen: Bool {
        switch self {
        case .valid, .invalid: true
        case .refused, .unanswered, .unverifiable, .midstream: false
        }
    }

    /// Whether frames may follow a handshake of which nothing else is known.
    public var opensConnection: Bool {
        switch self {
        case .valid, .invalid, .unverifiable, .midstream: true
        case .refused, .unanswered: false
        }
    }
}
