import TapAnalysis
import TapCore
import TapReports

/// A report that is written to a file or to standard output as it grows.
final class ReportDestination: Destination {
    private var written: any Report
    private var output: Output
    /// Whether rows are written as soon as they are complete.
    private let isLive: Bool
    /// Whether lines are as wide as the terminal is when they are written.
    private let followsWindow: Bool

    /// - Parameter followsWindow: where the output goes to a terminal, whether its width may change.
    init(_ report: any Report, to output: consuming Output, isLive: Bool, followsWindow: Bool = false) {
        self.followsWindow = followsWindow && output.isTerminal
        written = report
        self.output = output
        self.isLive = isLive
    }

    var report: (any Report)? { written }

    var isOnScreen: Bool { output.isOnScreen }

    func begin(_ origin: CaptureOrigin) { written.begin(origin) }

    func write(_ observations: Observations, start: Timestamp) throws(OutputError) {
        if followsWindow, let width = TerminalSettings.windowWidth { written.resize(to: width) }
        written.write(observations, start: start, to: &output.buffer)
        if isLive { try output.flush() } else { try output.flushWhenFull() }
    }

    func write(_ comment: CaptureComment, start: Timestamp) throws(OutputError) {
        written.write(comment, start: start, to: &output.buffer)
        try output.flushWhenFull()
    }

    func finish(_ summary: Summary, dropped: UInt64) throws(OutputError) {
        written.finish(summary, dropped: dropped, to: &output.buffer)
        try output.finish()
    }

    func fail(_ summary: Summary) throws(OutputError) {
        if written.tellsFaults { try finish(summary, dropped: 0) }
    }
}
