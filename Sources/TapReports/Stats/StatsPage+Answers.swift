import TapAnalysis
import TapCore
import TapSubprotocols

/// The page of `wstap stats --by`.
struct AnswerPage {
    /// Its columns; the name follows.
    private enum Column: String, CaseIterable {
        case count, errors, unanswered, bytes, median, p95, p99, max

        /// The cells that it takes.
        func width(_ isNarrow: Bool) -> Int {
            switch self {
            case .count: isNarrow ? 7 : 9
            case .errors, .median, .p95, .p99, .max: 8
            case .unanswered: isNarrow ? 11 : 12
            case .bytes: 11
            }
        }

        /// What it says of a row; `nil` where there is nothing to say.
        func cell(of row: AnswerStatistics.Row) -> (text: String, ink: Ink)? {
            switch self {
            case .count: Column.cell(row.count, .plain)
            case .errors: Column.cell(row.errors, .error)
            case .unanswered: Column.cell(row.unanswered, .warning)
            case .bytes: Column.cell(row.bytes, .plain)
            case .median: Column.cell(row.latency.percentile(0.5))
            case .p95: Column.cell(row.latency.percentile(0.95))
            case .p99: Column.cell(row.latency.percentile(0.99))
            case .max: Column.cell(row.latency.longest)
            }
        }

        private static func cell(_ count: UInt64, _ ink: Ink) -> (text: String, ink: Ink)? {
            count == 0 ? nil : (Decimal.grouped(count), ink)
        }

        private static func cell(_ time: Int64?) -> (text: String, ink: Ink)? {
            time.map { (Seconds.text($0), .plain) }
        }
    }

    let statistics: AnswerStatistics
    let page: StatsPage

    private var isNarrow: Bool { page.width < 100 }
    /// On a narrow page names matter more than two of the columns.
    private var columns: [Column] {
        isNarrow ? Column.allCases.filter { $0 != .bytes && $0 != .p99 } : Column.allCases
    }

    func write(to writer: inout TerminalWriter) {
        page.begin(title, &writer)
        for column in columns { write(column.rawValue, .faint, in: column, &writer) }
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
        for column in columns {
            let cell = column.cell(of: row)
            write(cell?.text ?? "-", cell?.ink ?? .faint, in: column, &writer)
        }
        let start = columns.reduce(2) { $0 + $1.width(isNarrow) }
        let statuses = row.statuses.sorted { $0.key < $1.key }.map { "\($0.key) × \(Decimal.grouped($0.value))" }
        let pieces = [Piece(name)] + (statuses.isEmpty ? [] : [Piece("(\(statuses.joined(separator: ", ")))", .faint)])
        writer.pad(to: start)
        writer.flow(pieces, separator: Piece("  ")) { writer in writer.pad(to: start) }
        writer.endLine()
    }

    /// Writes text that ends where its column does.
    private func write(_ text: String, _ ink: Ink, in column: Column, _ writer: inout TerminalWriter) {
        writer.skip(max(1, column.width(isNarrow) - TerminalText.cells(text)))
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
