import TapAnalysis
import TapBytes
import TapReports

/// A report that is written to a file or to standard output as it grows.
struct ReportDestination: Destination, ~Copyable {
    private var report: any Report
    private var output: Output
    /// Whether rows are written as soon as they are complete.
    private let isLive: Bool

    init(_ report: any Report, to output: consuming Output, isLive: Bool) {
        self.report = report
        self.output = output
        self.isLive = isLive
    }

    mutating func write(_ observations: Observations, start: Timestamp) throws(OutputError) {
        report.write(observations, start: start, to: &output.buffer)
        if isLive { try output.flush() } else { try output.flushWhenFull() }
    }

    mutating func write(_ comment: CaptureComment, start: Timestamp) throws(OutputError) {
        report.write(comment, start: start, to: &output.buffer)
        try output.flushWhenFull()
    }

    mutating func finish(_ summary: Summary, dropped: UInt64) throws(OutputError) {
        report.finish(summary, dropped: dropped, to: &output.buffer)
        try output.flush()
    }
}
