import TapWebSocket

/// What there is to say of few frames, apart from the frame itself: frames are copied by the million, and each member that
/// holds a reference costs each copy.
final class FrameRemarks: Sendable {
    let close: CloseBody?
    let findings: [FindingID]

    private init(close: CloseBody?, findings: [FindingID]) {
        self.close = close
        self.findings = findings
    }

    /// Answers `nil` where there is nothing to say.
    static func of(_ close: CloseBody?, _ findings: [FindingID]) -> FrameRemarks? {
        close == nil && findings.isEmpty ? nil : FrameRemarks(close: close, findings: findings)
    }
}
