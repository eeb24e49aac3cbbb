import TapAnalysis
import TapCore
import TapSubprotocols

/// The page of `wstap stats --by`.
struct AnswerPage {
    /// Its columns, each with the cells that it takes; the name follows.
    private static let columns = [
        ("count", 9), ("errors", 8), ("unanswered", 12), ("bytes", 11), ("median", 8), ("p95", 8), ("p99", 8),
        ("max", 8),
    ]

    let statistics: AnswerStatistics
    let page: StatsPage

    func write(to writer: inout TerminalWriter) {
        page.begin(title, &writer)
        for (index, (name, _)) in AnswerPage.columns.enumerated() { write(name, .faint, in: index, &writer) }
        writer.endLine()
        let ranked = statistics.ranked
        for (name, row) in ranked { write(row, name, &writer) }
        if statistics.others.count > 0 { write(statistics.others, "all others", &writer) }
        if ranked.isEmpty {
            writer.skip(StatsPage.indent)
            writer.write("nothing", .faint)
            writer.endLine()
        }
        page.writeChart("how long answers took", [statistics.latencies], .time, &writer)
    }

    private var title: String {
        switch statistics.grouping {
        case .type: "messages by type"
        case .name: "messages by name"
        case .path: "handshakes by path"
        }
    }

    private func write(_ row: AnswerStatistics.Row, _ name: String, _ writer: inout TerminalWriter) {
        let counts = [(row.count, Ink.plain), (row.errors, .error), (row.unanswered, .warning), (row.bytes, .plain)]
        let times = [0.5, 0.95, 0.99].map { row.latency.percentile($0) } + [row.latency.longest]
        for (index, (count, ink)) in counts.enumerated() {
            write(count == 0 ? "-" : Decimal.grouped(count), count == 0 ? .faint : ink, in: index, &writer)
        }
        for (index, time) in times.enumerated() {
            write(
                time.map { Seconds.text($0) } ?? "-", time == nil ? .faint : .plain, in: counts.count + index, &writer)
        }
        writer.write("  \(name)")
        let statuses = row.statuses.sorted { $0.key < $1.key }.map { "\($0.key) × \(Decimal.grouped($0.value))" }
        if !statuses.isEmpty { writer.write("  (\(statuses.joined(separator: ", ")))", .faint) }
        writer.endLine()
    }

    /// Writes text that ends where its column does.
    private func write(_ text: String, _ ink: Ink, in column: Int, _ writer: inout TerminalWriter) {
        writer.skip(max(1, AnswerPage.columns[column].1 - TerminalText.cells(text)))
        writer.write(text, ink)
    }
}

extension JSONWriter {
    /// The same figures as one object.
    mutating func write(_ statistics: AnswerStatistics, _ summary: Summary, dropped: UInt64) {
        beginObject()
        member("type", "statistics")
        member("by", statistics.grouping.rawValue)
        key("summary")
        write(summary, dropped: dropped)
        beginArray("rows")
        for (name, row) in statistics.ranked {
            beginObject()
            member("name", name)
            write(row)
            endObject()
        }
        endArray()
        if statistics.others.count > 0 {
            beginObject("beyond_limit")
            write(statistics.others)
            endObject()
        }
        endObject()
    }

    private mutating func write(_ row: AnswerStatistics.Row) {
        member("count", row.count)
        member("errors", row.errors)
        member("unanswered", row.unanswered)
        member("bytes", row.bytes)
        if !row.statuses.isEmpty {
            beginObject("statuses")
            for (status, count) in row.statuses.sorted(by: { $0.key < $1.key }) {
                key(String(status))
                number(count)
            }
            endObject()
        }
        let latency = row.latency
        guard let least = latency.shortest, let most = latency.longest, let median = latency.percentile(0.5),
            let high = latency.percentile(0.95), let highest = latency.percentile(0.99)
        else { return }
        beginObject("latency_seconds")
        member("count", latency.count)
        member("min", seconds: least)
        member("median", seconds: median)
        member("p95", seconds: high)
        member("p99", seconds: highest)
        member("max", seconds: most)
        endObject()
    }
}
