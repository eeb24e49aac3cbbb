import TapWebSocket

/// What there is to say of few frames, apart from the frame itself: frames are copied by the million, and each member that
/// holds a reference costs each copy.
final class FrameRemarks: Sendable {
    let close: CloseBody?
    let findings: [FindingID]
    /// Bytes of the payload that the capture holds, where those are not all.
    let capturedLength: UInt64?

    private init(close: CloseBody?, findings: [FindingID], capturedLength: UInt64?) {
        self.close = close
        self.findings = findings
        self.capturedLength = capturedLength
    }

    /// Answers `nil` where there is nothing to say.
    static func of(_ close: CloseBody?, _ findings: [FindingID], capturedLength: UInt64?) -> FrameRemarks? {
        guard close != nil || !findings.isEmpty || capturedLength != nil else { return nil }
        return FrameRemarks(close: close, findings: findings, capturedLength: capturedLength)
    }
}
