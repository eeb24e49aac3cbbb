import TapAnalysis
import TapCore

/// What `wstap stats` says: a page of what happened in a capture, as charts for a terminal or as one JSON object.
public struct StatsReport: Report {
    /// How the figures are written.
    public enum Form: Sendable {
        /// - Parameter width: columns of the terminal.
        case page(width: Int, color: Bool)
        case json
    }

    private let form: Form
    private var statistics = CaptureStatistics()

    public init(_ form: Form) { self.form = form }

    public mutating func write(_ observations: Observations, start: Timestamp, to output: inout [UInt8]) {
        for observation in observations.all { statistics.note(observation, start: start) }
    }

    public mutating func finish(_ summary: Summary, dropped: UInt64, to output: inout [UInt8]) {
        switch form {
        case .page(let width, let color):
            let style = TableStyle(width: max(width, StatsPage.leastWidth), hasColor: color)
            TerminalWriter.append(to: &output, style) { writer in
                StatsPage(statistics, summary, dropped: dropped, width: style.width).write(to: &writer)
            }
        case .json:
            JSONWriter.append(to: &output) { writer in
                writer.write(statistics, summary, dropped: dropped)
                writer.raw("\n")
            }
        }
    }
}
