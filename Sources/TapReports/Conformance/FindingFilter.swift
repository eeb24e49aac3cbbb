import TapAnalysis
import TapWebSocket

/// Which findings a report on conformance is about. A handshake's verdict stays what it is.
public struct FindingFilter: Sendable {
    private let ignored: Set<FindingID>
    private let handshakesOnly: Bool

    /// - Parameters:
    ///   - ignored: findings that are not told and do not count.
    ///   - handshakesOnly: whether what follows the handshakes is left out.
    public init(ignored: Set<FindingID> = [], handshakesOnly: Bool = false) {
        self.ignored = ignored
        self.handshakesOnly = handshakesOnly
    }

    /// Whether it leaves everything as it is.
    var isOpen: Bool { ignored.isEmpty && !handshakesOnly }

    public func passes(_ id: FindingID) -> Bool {
        !ignored.contains(id) && (!handshakesOnly || id.isAboutHandshake)
    }

    /// The same totals, without what does not pass.
    public func filtered(_ summary: Summary) -> Summary {
        var summary = summary
        summary.keep(passes)
        summary.shown?.keep(passes)
        if handshakesOnly { summary.cuts = CutStatistics() }
        return summary
    }

    /// The observation without what does not pass; `nil` where nothing of it is left, and for frames and messages.
    package func filtered(_ observation: Observation) -> Observation? {
        switch observation {
        case .handshake(let handshake): .handshake(filtered(handshake))
        case .finding(let finding): passes(finding.violation.id) ? observation : nil
        case .connection: handshakesOnly ? nil : observation
        // Their payloads lie in the observations that they come from.
        case .frame, .message: nil
        case .tls: observation
        }
    }

    private func filtered(_ handshake: Handshake) -> Handshake {
        var handshake = handshake
        handshake.violations.removeAll { !passes($0.id) }
        return handshake
    }
}
