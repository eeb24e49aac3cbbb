import TapAnalysis
import TapWebSocket

extension Observations {
    /// What is wrong with a handshake: what stands in it, and what was told of it right after.
    func violations(of handshake: Handshake, at index: Int) -> [Violation] {
        var violations = handshake.violations
        for observation in all[(index + 1)...] {
            guard case .finding(let finding) = observation, finding.connection == handshake.connection else { break }
            if finding.violation.id == .handshakeDataEarly {
                // The finding knows the sender even where the violation does not.
                let violation = finding.violation
                violations.append(violation.with(sender: finding.sender))
            }
        }
        return violations
    }
}
