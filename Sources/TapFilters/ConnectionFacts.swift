import TapAnalysis
import TapWebSocket

/// What a filter remembers of a connection while it goes on.
struct ConnectionFacts {
    let handshake: Handshake
    /// The handshake and its findings, while nothing of the connection has passed.
    var heldHeading: [Observation] = []
    /// Whether anything of the connection has passed.
    var isShown = false
    /// The number of its last frame, and whether that passed: findings follow their frame.
    var lastFrame: (number: Int, passes: Bool)?
    /// The last message of each peer of which a frame passed.
    var passedMessages: [Sender: Int] = [:]

    init(_ handshake: Handshake) { self.handshake = handshake }

    /// Whether a finding says what stands in the handshake.
    func isAboutHandshake(_ finding: Finding) -> Bool {
        finding.frame == nil && lastFrame == nil && handshake.violations.contains { $0.id == finding.violation.id }
    }
}
