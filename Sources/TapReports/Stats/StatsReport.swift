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
    private var answers: AnswerStatistics?

    /// - Parameter grouping: by what requests and answers are added up, in place of the page.
    public init(_ form: Form, by grouping: StatsGrouping? = nil) {
        self.form = form
        answers = grouping.map { AnswerStatistics($0) }
    }

    public mutating func write(_ observations: Observations, start: Timestamp, to output: inout [UInt8]) {
        for observation in observations.all {
            if answers == nil { statistics.note(observation, start: start) } else { answers?.note(observation) }
        }
    }

    /// Adds what is known of a part of the capture.
    mutating func merge(_ part: PartTotals) {
        statistics.merge(part.statistics)
        for other in part.answers where other.grouping == answers?.grouping { answers?.merge(other) }
    }

    /// Lists a connection, if it is one of the busiest.
    mutating func noteBusiest(_ connection: Connection) { statistics.noteBusiest(connection) }

    public mutating func finish(_ summary: Summary, dropped: UInt64, to output: inout [UInt8]) {
        switch form {
        case .page(let width, let color):
            let style = TableStyle(width: max(width, StatsPage.leastWidth), hasColor: color)
            TerminalWriter.append(to: &output, style) { writer in
                let page = StatsPage(statistics, summary, dropped: dropped, width: style.width)
                guard let answers else { return page.write(to: &writer) }
                writer.write(summary, dropped: dropped)
                AnswerPage(statistics: answers, page: page).write(to: &writer)
            }
        case .json:
            JSONWriter.append(to: &output) { writer in
                if let answers {
                    writer.write(answers, summary, dropped: dropped)
                } else {
                    writer.write(statistics, summary, dropped: dropped)
                }
                writer.raw("\n")
            }
        }
    }
}
