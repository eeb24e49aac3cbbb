import TapAnalysis
import TapCore
import TapRedaction
import TapReports

/// Takes secrets out of what goes to another destination, for one that must still see them, as who looks for the sockets of a program.
final class RedactingDestination: Destination {
    private let destination: any Destination
    private var redaction: Redaction

    init(_ destination: any Destination, _ redaction: Redaction) {
        (self.destination, self.redaction) = (destination, redaction)
    }

    var report: (any Report)? { destination.report }
    var isOnScreen: Bool { destination.isOnScreen }

    func begin(_ origin: CaptureOrigin) { destination.begin(origin) }

    func write(_ observations: Observations, start: Timestamp) throws(OutputError) {
        var observations = observations
        redaction.redact(&observations)
        try destination.write(observations, start: start)
    }

    func write(_ comment: CaptureComment, start: Timestamp) throws(OutputError) {
        try destination.write(redaction.redacted(comment), start: start)
    }

    /// Says as well how much was taken out.
    func finish(_ summary: Summary, dropped: UInt64) throws(OutputError) {
        try destination.finish(summary, dropped: dropped)
        StandardError.say(redaction.line)
    }

    func fail(_ summary: Summary) throws(OutputError) { try destination.fail(summary) }
}

extension Redaction {
    /// How much was taken out.
    var line: String {
        let values = Decimal.counted(count, "value")
        let what =
            switch scope {
            case .secrets: count == 0 ? "nothing was" : "\(values) \(count == 1 ? "was" : "were")"
            case .payloads: count == 0 ? "all payloads were" : "\(values) and all payloads were"
            }
        return "\(what) taken out (--redact)"
    }
}
