import TapAnalysis
import TapCore
import TapReports
import TapWebSocket

/// Passes everything on, and looks at the findings among it.
final class FindingWatch: Destination {
    private let inner: any Destination
    private let hook: FindingHook?
    /// The worst severity so far.
    private(set) var worst: Severity?

    init(_ inner: any Destination, _ hook: FindingHook?) {
        self.inner = inner
        self.hook = hook
    }

    var report: (any Report)? { inner.report }

    var isOnScreen: Bool { inner.isOnScreen }

    func write(_ observations: Observations, start: Timestamp) throws(OutputError) {
        for case .finding(let finding) in observations.all {
            worst = max(worst ?? finding.violation.severity, finding.violation.severity)
            hook?.note(finding, of: observations, start: start)
        }
        try inner.write(observations, start: start)
    }

    func write(_ comment: CaptureComment, start: Timestamp) throws(OutputError) {
        try inner.write(comment, start: start)
    }

    func begin(_ origin: CaptureOrigin) { inner.begin(origin) }

    func rest() throws(OutputError) { try inner.rest() }

    func finish(_ summary: Summary, dropped: UInt64) throws(OutputError) {
        try inner.finish(summary, dropped: dropped)
        hook?.finish()
    }

    func fail(_ summary: Summary) throws(OutputError) { try inner.fail(summary) }
}
