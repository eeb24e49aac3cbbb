import TapAnalysis
import TapWebSocket

/// A sign that says at a glance how things stand, with the colour that goes with it.
struct Mark {
    let sign: String
    let ink: Ink

    static let good = Mark(sign: "✓", ink: .good)
    static let error = Mark(sign: "✗", ink: .error)
    static let warning = Mark(sign: "!", ink: .warning)
    static let note = Mark(sign: "i", ink: .note)
    static let open = Mark(sign: "?", ink: .warning)
    static let partial = Mark(sign: "~", ink: .note)
}

extension Severity {
    var mark: Mark {
        switch self {
        case .error: .error
        case .warning: .warning
        case .note: .note
        }
    }
}

extension Verdict {
    var mark: Mark {
        switch self {
        case .valid: .good
        case .invalid, .refused: .error
        case .unanswered, .unverifiable: .open
        case .midstream: .partial
        }
    }
}
