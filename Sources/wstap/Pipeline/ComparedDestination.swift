import TapAnalysis
import TapCore
import TapRedaction
import TapReports

/// Keeps of a capture what it is compared by.
final class ComparedDestination: Destination {
    private(set) var capture: ComparedCapture
    /// What takes secrets out of what is shown; messages are compared as they are.
    private(set) var redaction: Redaction?
    private(set) var connections = 0

    init(_ capture: ComparedCapture, redacting redaction: Redaction?) {
        self.capture = capture
        self.redaction = redaction
    }

    func write(_ observations: Observations, start: Timestamp) {
        var shown = observations
        redaction?.redact(&shown)
        capture.receive(observations, shown: shown)
    }

    func finish(_ summary: Summary, dropped: UInt64) { connections = summary.connections }
}
