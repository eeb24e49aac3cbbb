import TapAnalysis
import TapBytes
import TapReports

/// A report that is written to a file or to standard output as it grows.
final class ReportDestination: Destination {
    private var text: ReportText
    /// Whether rows are written as soon as they are complete.
    private let isLive: Bool

    init(_ report: any Report, to output: consuming Output, isLive: Bool) {
        text = ReportText(report: report, output: output)
        self.isLive = isLive
    }

    var report: (any Report)? { text.report }

    var isOnScreen: Bool { text.output.isOnScreen }

    func write(_ observations: Observations, start: Timestamp) throws(OutputError) {
        try text.write(observations, start: start, isLive: isLive)
    }

    func write(_ comment: CaptureComment, start: Timestamp) throws(OutputError) {
        try text.write(comment, start: start)
    }

    func finish(_ summary: Summary, dropped: UInt64) throws(OutputError) {
        try text.finish(summary, dropped: dropped)
    }
}
