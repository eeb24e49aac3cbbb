import TapAnalysis
import TapWebSocket

/// The page of `wstap stats`: totals, then a section for each question, none where there is nothing to show.
struct StatsPage {
    /// Charts need so many columns.
    static let leastWidth = 72
    static let indent = 2
    /// Rows of a list.
    static let listed = 10

    let statistics: CaptureStatistics
    let summary: Summary
    let width: Int
    private let dropped: UInt64

    init(_ statistics: CaptureStatistics, _ summary: Summary, dropped: UInt64, width: Int) {
        self.statistics = statistics
        self.summary = summary
        self.width = width
        self.dropped = dropped
    }

    func write(to writer: inout TerminalWriter) {
        writer.write(summary, dropped: dropped)
        writeTimeline(&writer)
        writeTable("hosts and paths", statistics.resources, &writer)
        if statistics.clients.rows.count > 1 { writeTable("clients", statistics.clients, &writer) }
        writeBusiest(&writer)
        writeOpcodes(&writer)
        let sent = [statistics.fromClient, statistics.fromServer]
        writeChart("message sizes", sent.map(\.sizes), .bytes, &writer)
        writeChart("time between messages", sent.map(\.gaps), .time, &writer)
        writeCompression(&writer)
        writePings(&writer)
        writeTransport(&writer)
        writeChart("durations of connections", [statistics.durations], .time, &writer)
        writeClosings(&writer)
    }

    /// Begins a section.
    func begin(_ title: String, _ writer: inout TerminalWriter) {
        writer.endLine()
        writer.write(title, .strong)
        writer.endLine()
    }
}
