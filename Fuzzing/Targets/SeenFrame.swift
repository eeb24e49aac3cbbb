import TapAnalysis
import TapWebSocket

/// What is observed of a frame, wherever segments end.
struct SeenFrame: Equatable {
    private let number: Int
    private let message: Int?
    private let sender: Sender
    private let header: FrameHeader
    private let capturedLength: UInt64
    private let inflatedLength: UInt64
    private let isWhole: Bool
    private let payload: [UInt8]
    private let inflated: [UInt8]
    private let close: CloseBody?
    private let findings: [FindingID]

    init(_ frame: Frame, of observations: Observations) {
        number = frame.number
        message = frame.message
        sender = frame.sender
        header = frame.header
        capturedLength = frame.capturedLength
        inflatedLength = frame.inflatedLength
        isWhole = frame.isWhole
        payload = Array(observations.payload(of: frame))
        inflated = Array(observations.inflated(of: frame))
        close = frame.close
        findings = frame.findings
    }
}
