import TapBytes
import TapWebSocket

/// What every part of the analysis writes to: observations, totals and shared limits.
struct AnalysisContext {
    let options: AnalysisOptions
    var observations = Observations()
    var summary = Summary()
    /// Payload bytes kept of frames that are still incomplete, in all connections.
    var pendingPayload = 0

    /// Bytes held before an upgrade is certain, in all connections.
    var heldHTTP = 0

    init(options: AnalysisOptions) { self.options = options }

    mutating func nextConnection() -> Int {
        summary.connections += 1
        return summary.connections
    }

    mutating func report(_ finding: Finding, isToldInFull: Bool = true) {
        summary.findings[finding.violation.id, default: 0] += 1
        if isToldInFull { observations.append(.finding(finding)) }
    }

    mutating func report(_ handshake: Handshake) {
        summary.handshakes[handshake.verdict, default: 0] += 1
        observations.append(.handshake(handshake))
        for violation in handshake.violations {
            report(
                Finding(
                    connection: handshake.connection, violation: violation, time: handshake.time,
                    packet: handshake.packet, frame: nil, sender: HandshakeJudge.culprit(of: violation.id)))
        }
    }
}
