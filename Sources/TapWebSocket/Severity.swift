/// How serious a finding is.
public enum Severity: String, Sendable, CaseIterable, Codable {
    /// Breaks a MUST of the specification.
    case error
    /// Breaks a SHOULD, or is suspicious.
    case warning
    /// Worth knowing.
    case note
}

extension Severity: Comparable {
    private var weight: Int {
        switch self {
        case .error: 2
        case .warning: 1
        case .note: 0
        }
    }

    public static func < (left: Severity, right: Severity) -> Bool { left.weight < right.weight }
}
