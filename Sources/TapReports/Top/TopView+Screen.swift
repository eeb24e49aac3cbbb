import TapAnalysis
import TapCore
import TapWebSocket

extension TopView {
    private static let clientWidth = 23
    /// There is room for clients, and for hosts though all may have one in common.
    private static let clientsFrom = 170
    /// There is room for parts of seconds, and for shorter parts of the last minute.
    private static let preciseFrom = 100
    private static let leastHeightForFindings = 12

    /// What is drawn: lines that are no wider than the screen, as many as it has rows.
    /// - Parameters:
    ///   - width: columns of the screen.
    ///   - height: its rows.
    ///   - now: what time it is; captures are told the same clock.
    ///   - dropped: packets lost so far.
    package mutating func screen(
        _ report: TopReport, width: Int, height: Int, now: Timestamp, dropped: UInt64
    ) -> [UInt8] {
        let still = still
        let (shown, now) = (still?.report ?? report, still?.now ?? now)
        let style = TableStyle(width: width, hasColor: report.hasColor)
        var lines: [[UInt8]]
        switch mode {
        case .list: lines = list(shown, style, height: height, now: now)
        case .talk(let connection, _): lines = talk(of: connection, shown, style, height: height, now: now)
        case .help: lines = help(style, height: height)
        }
        lines.insert(line(style) { writeTotals(shown, now, dropped, &$0) }, at: 0)
        lines.append(line(style) { writeFoot(width, &$0) })
        // On the lowest of screens what is most wanted stays.
        if lines.count > height { lines = Array(lines.prefix(height)) }
        return Array(lines.joined(separator: [UInt8(ascii: "\n")]))
    }

    /// A line without its end.
    func line(_ style: TableStyle, _ body: (inout TerminalWriter) -> Void) -> [UInt8] {
        var output: [UInt8] = []
        TerminalWriter.append(to: &output, style) { writer in
            body(&writer)
            writer.endLine()
        }
        output.removeLast()
        return output
    }

    // MARK: Above and below

    private func writeTotals(
        _ report: TopReport, _ now: Timestamp, _ dropped: UInt64, _ writer: inout TerminalWriter
    ) {
        let rate = report.meter.rate(at: now)
        let numbers = [
            Piece("\(Decimal.grouped(UInt64(report.open))) open"),
            Piece("\(Decimal.grouped(report.seen)) seen"), Piece("\(TopNumber.short(rate.frames)) frames/s"),
            Piece("\(TopNumber.short(rate.bytesFromClient + rate.bytesFromServer)) B/s"),
            Piece(Decimal.counted(report.frames, "frame")),
        ]
        var items = [Piece("wstap top · \(source)" + (commonHost.map { " · \($0)" } ?? ""), .strong)]
        if !filter.isEmpty { items.insert(Piece("/\(filter.text)", .note), at: 1) }
        if let group { items.insert(Piece("in \(withoutCommonHost(group.name))", .note), at: 1) }
        if dropped > 0 { items.insert(Piece("\(Decimal.counted(dropped, "packet")) lost", .warning), at: 1) }
        if still != nil { items.insert(Piece("PAUSED", .warning), at: 1) }
        // Half a number is none.
        var room = writer.room - items.reduce(0) { $0 + $1.cells + " · ".count }
        items += numbers.prefix { number in
            room -= number.cells + " · ".count
            return room + " · ".count >= 0
        }
        writer.flow(items: items, limit: 1) { _ in }
    }

    private func writeFoot(_ width: Int, _ writer: inout TerminalWriter) {
        if let prompt {
            writer.write(prompt.kind == .filter ? "/" : "write the packets so far to: ", .strong)
            // The end is where one types.
            writer.write(prompt.text.suffix(max(1, writer.room - 2)).description)
            return writer.write("▏", .strong)
        }
        if let message { return writer.write(message, .note) }
        switch mode {
        case .list:
            writeKeys(
                [
                    ("↑↓", "move"), ("Enter", "open"), ("/", "filter"), ("g", "group"), ("p", "pause"), ("w", "write"),
                    ("?", "help"), ("q", "quit"),
                ], &writer)
            guard width >= 110 else { return }
            writer.write(" · sort ", .faint)
            writer.write(TopOrder.Column.allCases.map { String($0.rawValue) }.joined(separator: " "), .strong)
        case .talk:
            writeKeys(
                [
                    ("↑↓ PgUp PgDn", "scroll"), ("End", "latest"), ("p", "pause"), ("w", "write"), ("?", "help"),
                    ("Esc", "back"),
                ], &writer)
        case .help: writeKeys([("Esc", "back")], &writer)
        }
    }

    private func writeKeys(_ keys: [(key: String, name: String)], _ writer: inout TerminalWriter) {
        for (index, (key, name)) in keys.enumerated() {
            if index > 0 { writer.write(" · ", .faint) }
            writer.write(key, .strong)
            writer.write(" \(name)", .faint)
        }
    }

    // MARK: The list

    private mutating func list(
        _ report: TopReport, _ style: TableStyle, height: Int, now: Timestamp
    ) -> [[UInt8]] {
        let connections = connections(of: report, now)
        // Where there is little room.
        let hosts = style.width < TopView.clientsFrom && grouping != .host ? Set(connections.map(\.host)) : []
        commonHost = hosts.count == 1 ? hosts.first : nil
        var rows = order.sorted(grouped(connections, now))
        let total = rows.count
        rows = rows.filter(filter.accepts)
        // On a low screen connections come first.
        let latest = height >= TopView.leastHeightForFindings ? report.latest : []
        // Totals, ends and titles are above, findings and keys below.
        roomForRows = max(1, height - 4 - latest.count)
        arrange(rows)
        let columns = TopColumn.shown(in: style.width, sortedBy: order)
        var lines = [
            line(style) { writeEnds(report, now, style.width, &$0) },
            line(style) { writeTitles(columns, style.width, rows.count, of: total, &$0) },
        ]
        for row in rows[firstRow...].prefix(roomForRows) {
            lines.append(rowLine(row, columns, style, isSelected: row.identity == selected, now))
        }
        while lines.count < roomForRows + 2 { lines.append([]) }
        for finding in latest { lines.append(line(style) { write(finding, style.width, &$0) }) }
        return lines
    }

    private func connections(of report: TopReport, _ now: Timestamp) -> [TopConnection] {
        let connections = report.shown(at: now)
        guard let group else { return connections }
        return connections.filter { $0.name(by: group.grouping) == group.name }
    }

    private func grouped(_ connections: [TopConnection], _ now: Timestamp) -> [TopRow] {
        guard grouping != .none else { return connections.map { TopRow($0, at: now) } }
        return Dictionary(grouping: connections) { $0.name(by: grouping) }
            .map { name, members in TopRow(name, of: members, at: now) }
    }

    /// Finds the cursor in rows that have another order now, and moves it into sight.
    private mutating func arrange(_ rows: [TopRow]) {
        let identities = rows.map(\.identity)
        // Where the row is gone, the one that stands in its place now.
        let before = selected.flatMap { self.rows.firstIndex(of: $0) } ?? 0
        let present = selected.flatMap { identities.firstIndex(of: $0) } ?? min(before, identities.count - 1)
        let index = isAtTop ? min(0, identities.count - 1) : present
        self.rows = identities
        selected = identities.isEmpty ? nil : identities[max(index, 0)]
        firstRow = min(firstRow, max(0, index))
        if index >= firstRow + roomForRows { firstRow = index - roomForRows + 1 }
        firstRow = max(0, min(firstRow, identities.count - roomForRows))
    }

    private func writeEnds(_ report: TopReport, _ now: Timestamp, _ width: Int, _ writer: inout TerminalWriter) {
        let cells = width >= TopView.clientsFrom ? 60 : width >= TopView.preciseFrom ? 30 : 20
        let values = report.history.values(at: now, cells: cells)
        let start = width - cells - "frames ".count
        let ends = report.ends.counts(at: now)
        let words = ends.isEmpty ? "no end in the last minute" : width < 120 ? "ended" : "ended in the last minute"
        writer.write(words, .faint)
        for (cause, count) in ends {
            let text = " \(cause) ×\(Decimal.grouped(count))"
            guard writer.column + TerminalText.cells(text) + 2 < start else {
                writer.write(" …", .faint)
                break
            }
            writer.write(text, cause.isNormalEnd ? .plain : .warning)
        }
        writer.pad(to: start)
        writer.write("frames ", .faint)
        writer.write(columns: values, of: values.max() ?? 0, .note)
    }

    private func writeTitles(
        _ columns: [TopColumn], _ width: Int, _ count: Int, of total: Int, _ writer: inout TerminalWriter
    ) {
        let isGrouped = grouping != .none
        for column in columns {
            let isChosen = column.order == order.column
            let title = (isChosen ? order.sign : "") + column.title(isGrouped: isGrouped)
            write(Piece(title, isChosen ? .strong : .faint), column, &writer)
        }
        writer.skip(2)
        if hasClients(width) { write(client: "client", .faint, &writer) }
        writer.write(isGrouped ? grouping.name : commonHost == nil ? "host and path" : "path", .faint)
        // Which of the rows are on the screen, and how many the filter leaves out.
        let last = min(firstRow + roomForRows, count)
        let range = count > roomForRows ? "\(firstRow + 1)–\(last)/\(count)" : count < total ? "\(count)" : ""
        let text = range + (count < total ? " of \(total)" : "")
        guard !text.isEmpty, writer.column + TerminalText.cells(text) < width else { return }
        writer.pad(to: width - TerminalText.cells(text))
        writer.write(text, count < total ? .note : .faint)
    }

    /// A row; the selected one stands out as a whole, and has a mark where there are no colours.
    private func rowLine(
        _ row: TopRow, _ columns: [TopColumn], _ style: TableStyle, isSelected: Bool, _ now: Timestamp
    ) -> [UInt8] {
        guard isSelected else { return line(style) { write(row, columns, style.width, now, &$0) } }
        let plain = TableStyle(width: style.width, hasColor: false)
        let bytes = line(plain) { writer in
            writer.write("›")
            write(row, columns, style.width, now, &writer)
        }
        guard style.hasColor else { return bytes }
        let padding = max(0, style.width - TerminalText.cells(bytes[...]))
        return Array("\u{1B}[7m".utf8) + bytes + [UInt8](repeating: UInt8(ascii: " "), count: padding)
            + Array("\u{1B}[0m".utf8)
    }

    private func write(
        _ row: TopRow, _ columns: [TopColumn], _ width: Int, _ now: Timestamp, _ writer: inout TerminalWriter
    ) {
        let ink: Ink = row.isOver ? .faint : .plain
        var start = 0
        for column in columns {
            write(column.cell(of: row, at: now), column, from: start, &writer)
            start += column.width + 1
        }
        writer.pad(to: max(start + 1, writer.column + 1))
        if hasClients(width) { write(client: row.client, ink, &writer) }
        writer.write(withoutCommonHost(row.name), ink)
    }

    /// What all have in common is said once.
    private func withoutCommonHost(_ name: String) -> String {
        guard let commonHost, name.hasPrefix(commonHost), name != commonHost else { return name }
        return String(name.dropFirst(commonHost.count))
    }

    /// Writes a cell at its end of the column, with a space before it.
    private func write(_ cell: Piece, _ column: TopColumn, from start: Int? = nil, _ writer: inout TerminalWriter) {
        let start = start ?? writer.column + (writer.column == 0 ? 0 : 1)
        let gap = column.isAtLeft ? 0 : max(0, column.width - TerminalText.cells(cell.text))
        writer.skip(max(start + gap - writer.column, writer.column == 0 || cell.text.isEmpty ? 0 : 1))
        writer.write(cell.text, cell.ink)
        if start + column.width > writer.column { writer.skip(start + column.width - writer.column) }
    }

    private func write(client: String, _ ink: Ink, _ writer: inout TerminalWriter) {
        let end = writer.column + TopView.clientWidth
        writer.write(client, ink)
        writer.pad(to: end)
    }

    private func write(_ latest: TopReport.LatestFinding, _ width: Int, _ writer: inout TerminalWriter) {
        let finding = latest.finding
        let mark = finding.violation.severity.mark
        let time = TimeText.clock(finding.time)
        writer.write(width < TopView.preciseFrom ? String(time.prefix { $0 != "." }) : time, .faint)
        writer.write(" #\(finding.connection) ", .connection(finding.connection))
        writer.write("\(mark.sign) \(finding.violation.id.rawValue)", mark.ink)
        if latest.count > 1 { writer.write(" ×\(Decimal.grouped(latest.count))", mark.ink) }
        writer.write("  \(finding.violation.detail)")
    }

    private func hasClients(_ width: Int) -> Bool { width >= TopView.clientsFrom && grouping == .none }
}

extension TopConnection {
    func name(by grouping: TopView.Grouping) -> String {
        switch grouping {
        case .none: resource
        case .path: path
        case .host: host
        }
    }
}

extension String {
    /// Whether it is the code of an end with which all is well.
    fileprivate var isNormalEnd: Bool { ["1000", "1001", "1005"].contains(self) }
}
