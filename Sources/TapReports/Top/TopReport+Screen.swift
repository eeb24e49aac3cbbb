import TapAnalysis
import TapCore
import TapWebSocket

extension TopReport {
    private static let clientWidth = 23
    private static let leastHeightForFindings = 12

    /// What is drawn, in lines that are no wider than the screen, and no more of them than fit.
    /// - Parameters:
    ///   - width: columns of the screen.
    ///   - height: its rows.
    ///   - now: what time it is; captures are told the same clock.
    ///   - dropped: packets lost so far.
    public func screen(
        of interface: String, width: Int, height: Int, now: Timestamp, order: TopOrder, dropped: UInt64
    ) -> [UInt8] {
        var output: [UInt8] = []
        var connections = shown(at: now)
        order.sort(&connections, at: now)
        // On a low screen connections come first.
        let latest = height >= TopReport.leastHeightForFindings ? latest : []
        // Two lines above, a title, the findings and the keys below.
        let room = max(1, height - 4 - latest.count)
        TerminalWriter.append(to: &output, TableStyle(width: width, hasColor: hasColor)) { writer in
            writeTotals(interface, connections, now, dropped, &writer)
            writer.endLine()
            let columns = TopColumn.shown(in: width, sortedBy: order)
            writeTitles(columns, order, width, &writer)
            // The last row says how many do not fit.
            let fitting = connections.count > room ? room - 1 : room
            for connection in connections.prefix(fitting) { write(connection, columns, width, now, &writer) }
            if connections.count > fitting {
                writer.write("… and \(connections.count - fitting) more", .faint)
                writer.endLine()
            }
            for _ in min(connections.count, room)..<room { writer.endLine() }
            for finding in latest { write(finding, &writer) }
            writeKeys(&writer)
        }
        return TopReport.top(of: output, lines: height)
    }

    private func writeKeys(_ writer: inout TerminalWriter) {
        writer.write("q", .strong)
        writer.write(" quit · sort", .faint)
        for column in TopOrder.Column.allCases {
            writer.write(column == .number ? " " : " · ", .faint)
            writer.write("\(column.rawValue)", .strong)
            writer.write(" \(column.name)", .faint)
        }
    }

    /// The first of some lines, without the end of the last.
    private static func top(of lines: [UInt8], lines count: Int) -> [UInt8] {
        let ends = lines.indices.filter { lines[$0] == UInt8(ascii: "\n") }
        return ends.count < count ? lines : Array(lines[..<ends[count - 1]])
    }

    private func writeTotals(
        _ interface: String, _ connections: [TopConnection], _ now: Timestamp, _ dropped: UInt64,
        _ writer: inout TerminalWriter
    ) {
        let open = connections.count { $0.end == nil }
        let rates = connections.map { $0.meter.rate(at: now) }
        let perSecond = rates.reduce(0) { $0 + $1.frames }
        let bytes = rates.reduce(0) { $0 + $1.bytesFromClient + $1.bytesFromServer }
        var items = [
            Piece("wstap top · \(interface)", .strong), Piece("\(Decimal.grouped(UInt64(open))) open"),
            Piece("\(Decimal.grouped(seen)) seen"), Piece("\(TopNumber.short(perSecond)) frames/s"),
            Piece("\(TopNumber.short(bytes)) B/s"), Piece(Decimal.counted(frames, "frame")),
        ]
        if dropped > 0 { items.append(Piece("\(Decimal.counted(dropped, "packet")) lost", .warning)) }
        writer.flow(items, separator: Piece(" · ", .faint), limit: 1) { _ in }
        writer.endLine()
    }

    private func writeTitles(
        _ columns: [TopColumn], _ order: TopOrder, _ width: Int, _ writer: inout TerminalWriter
    ) {
        for column in columns {
            let isChosen = column.order == order.column
            write(Piece((isChosen ? order.sign : "") + column.title, isChosen ? .strong : .faint), column, &writer)
        }
        writer.skip(4)
        if hasClients(width) { write(client: "client", .faint, &writer) }
        writer.write("host and path", .faint)
        writer.endLine()
    }

    private func write(
        _ connection: TopConnection, _ columns: [TopColumn], _ width: Int, _ now: Timestamp,
        _ writer: inout TerminalWriter
    ) {
        let isOver = connection.end != nil
        let ink: Ink = isOver ? .faint : .plain
        for column in columns { write(column.cell(of: connection, at: now), column, &writer) }
        let mark = connection.verdict.mark
        writer.skip(2)
        writer.write(isOver ? "·" : mark.sign, isOver ? .faint : mark.ink)
        writer.skip(1)
        if hasClients(width) { write(client: connection.client.description, ink, &writer) }
        writer.write(connection.resource, ink)
        if let end = connection.end { writer.write("  \(end.sentence)", .faint) }
        writer.endLine()
    }

    /// Writes a cell at the right end of its column, with a space before it.
    private func write(_ cell: Piece, _ column: TopColumn, _ writer: inout TerminalWriter) {
        writer.skip(max(writer.column == 0 ? 0 : 1, column.width - TerminalText.cells(cell.text)))
        writer.write(cell.text, cell.ink)
    }

    private func write(client: String, _ ink: Ink, _ writer: inout TerminalWriter) {
        let end = writer.column + TopReport.clientWidth
        writer.write(client, ink)
        writer.pad(to: end)
    }

    private func write(_ finding: Finding, _ writer: inout TerminalWriter) {
        let mark = finding.violation.severity.mark
        writer.write(TimeText.clock(finding.time), .faint)
        writer.write(" #\(finding.connection) ", .connection(finding.connection))
        writer.write("\(mark.sign) \(finding.violation.id.rawValue)", mark.ink)
        writer.write("  \(finding.violation.detail)")
        writer.endLine()
    }

    private func hasClients(_ width: Int) -> Bool { width >= 150 }
}
