import TapAnalysis
import TapWebSocket

/// The findings that stand in the last handshake's heading; observations of their own follow and say nothing new.
struct ToldFindings {
    private var connection = 0
    private var ids: [FindingID] = []

    mutating func note(_ handshake: Handshake) { note(handshake.violations, of: handshake) }

    mutating func note(_ violations: [Violation], of handshake: Handshake) {
        connection = handshake.connection
        ids = violations.map(\.id)
    }

    func contains(_ finding: Finding) -> Bool {
        finding.frame == nil && finding.connection == connection && ids.contains(finding.violation.id)
    }
}
