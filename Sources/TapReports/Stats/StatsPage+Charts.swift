import TapAnalysis
import TapCore
import TapWebSocket

extension StatsPage {
    /// More rows are joined, three to a decade.
    private static let mostRows = 12
    private static let labelWidth = 16
    private static let countWidth = 8

    /// Writes when how much was sent.
    func writeTimeline(_ writer: inout TerminalWriter) {
        let column = 12
        let (columns, step) = statistics.timeline.fitted(width - column)
        let most = columns.map { max($0.fromClient, $0.fromServer) }.max() ?? 0
        guard most > 0 else { return }
        begin("activity", &writer)
        for sender in Sender.allCases {
            writer.skip(StatsPage.indent)
            writer.write(sender.arrow, sender.ink)
            writer.pad(to: column)
            writer.write(columns: columns.map { $0.count(from: sender) }, of: most, sender.ink)
            writer.endLine()
        }
        writer.pad(to: column)
        writer.write("each column \(TimeText.duration(step)), the highest \(Decimal.counted(most, "frame"))", .faint)
        writer.endLine()
    }

    /// Writes distributions beside each other: that of all connections, or those of clients and servers.
    func writeChart(
        _ title: String, _ series: [Distribution], _ kind: Quantity.Kind, _ writer: inout TerminalWriter
    ) {
        let used = series.compactMap(\.used)
        guard let first = used.map(\.lowerBound).min(), let last = used.map(\.upperBound).max() else { return }
        let least = (1...max(1, last)).first { place in series.contains { $0.step(place...place).count > 0 } } ?? last
        begin(title, &writer)
        let inks: [Ink] = series.count == 1 ? [.good] : Sender.allCases.map(\.ink)
        for (index, distribution) in series.enumerated() where !distribution.isEmpty {
            writer.skip(StatsPage.indent)
            if series.count > 1 { writer.write(Sender.allCases[index].arrow, inks[index]) }
            if series.count > 1 { writer.pad(to: 12) }
            writer.flow(items: distribution.values.items(kind)) { writer in writer.pad(to: 12) }
            writer.endLine()
        }
        let rows = StatsPage.rows(first...last).filter { places in
            // Nothing lies between zero and the smallest of the others.
            places == 0...0 || places.upperBound >= least
        }
        let counts = series.map { distribution in rows.map { distribution.step($0).count } }
        let most = counts.joined().max() ?? 0
        let room = (width - StatsPage.labelWidth) / series.count
        for (row, places) in rows.enumerated() {
            let label = Quantity.text(series[0].step(places), kind)
            writer.skip(max(0, StatsPage.labelWidth - 2 - TerminalText.cells(label)))
            writer.write(label, .faint)
            for index in series.indices where counts[index][row] > 0 {
                writer.pad(to: StatsPage.labelWidth + index * room)
                let cells = min(room - StatsPage.countWidth - 3, 60)
                writer.write(bar: counts[index][row], of: most, cells: cells, inks[index])
                writer.skip(1)
                writer.write(Decimal.grouped(counts[index][row]))
            }
            writer.endLine()
        }
    }

    /// The steps of a chart, joined by decades where there are many. The first step holds zero alone.
    private static func rows(_ places: ClosedRange<Int>) -> [ClosedRange<Int>] {
        guard places.count > mostRows else { return places.map { $0...$0 } }
        var rows: [ClosedRange<Int>] = places.lowerBound == 0 ? [0...0] : []
        var place = max(places.lowerBound, 1)
        while place <= places.upperBound {
            let end = min((place - 1) / 3 * 3 + 3, places.upperBound)
            rows.append(place...end)
            place = end + 1
        }
        return rows
    }
}

extension RoundTrips {
    /// What there is to say in numbers.
    func items(_ kind: Quantity.Kind) -> [Piece] {
        var items: [Piece] = []
        for (name, value) in [
            ("least", shortest), ("median", percentile(0.5)), ("p95", percentile(0.95)), ("most", longest),
        ] {
            if let value { items.append(Piece("\(name) \(Quantity.exact(value, kind))")) }
        }
        return items
    }
}
