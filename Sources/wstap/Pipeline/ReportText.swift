import TapAnalysis
import TapBytes
import TapReports

/// A report and what it has written. One value, because each access to what a class holds is checked while the program
/// runs, and there are as many as packets.
struct ReportText: ~Copyable {
    var report: any Report
    var output: Output

    mutating func write(_ observations: Observations, start: Timestamp, isLive: Bool) throws(OutputError) {
        report.write(observations, start: start, to: &output.buffer)
        if isLive { try output.flush() } else { try output.flushWhenFull() }
    }

    mutating func write(_ comment: CaptureComment, start: Timestamp) throws(OutputError) {
        report.write(comment, start: start, to: &output.buffer)
        try output.flushWhenFull()
    }

    mutating func finish(_ summary: Summary, dropped: UInt64) throws(OutputError) {
        report.finish(summary, dropped: dropped, to: &output.buffer)
        try output.finish()
    }
}
