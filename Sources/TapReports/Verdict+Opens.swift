import TapAnalysis

extension Verdict {
    /// Whether frames may follow.
    var opensConnection: Bool {
        switch self {
        case .valid, .invalid, .unverifiable, .midstream: true
        case .refused, .unanswered: false
        }
    }
}
