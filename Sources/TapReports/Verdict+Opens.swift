import TapAnalysis

extension Handshake {
    /// Whether frames may follow.
    var opensConnection: Bool { verdict.opensConnection && !leadsNowhere }
}

extension Verdict {
    /// Whether frames may follow a handshake of which nothing else is known.
    var opensConnection: Bool {
        switch self {
        case .valid, .invalid, .unverifiable, .midstream: true
        case .refused, .unanswered: false
        }
    }
}
