import TapAnalysis
import TapBytes
import TapWebSocket

extension TopReport {
    /// The width of each column but that of the resource, which takes what is left.
    private static let widths = [5, 10, 9, 9, 9, 10, 8, 9]
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
            writeTitles(order, width, &writer)
            // The last row says how many do not fit.
            let fitting = connections.count > room ? room - 1 : room
            for connection in connections.prefix(fitting) { write(connection, width, now, &writer) }
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
        writer.write(" quit · sort:", .faint)
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
            Piece("\(Decimal.grouped(seen)) seen"), Piece("\(TopReport.short(perSecond)) frames/s"),
            Piece("\(TopReport.short(bytes)) B/s"), Piece(Decimal.counted(frames, "frame")),
        ]
        if dropped > 0 { items.append(Piece("\(Decimal.counted(dropped, "packet")) lost", .warning)) }
        writer.flow(items, separator: Piece(" · ", .faint), limit: 1) { _ in }
        writer.endLine()
    }

    private func writeTitles(_ order: TopOrder, _ width: Int, _ writer: inout TerminalWriter) {
        let titles: [(String, TopOrder.Column?)] = [
            ("#", .number), ("frames/s", .rate), ("→ B/s", .bytes), ("← B/s", nil), ("frames", .frames),
            ("RTT", .roundTrip), ("found", .findings), ("idle", .idle),
        ]
        for (index, (title, column)) in titles.enumerated() {
            let isChosen = column == order.column
            let text = isChosen ? order.sign + title : title
            writer.skip(max(1, TopReport.widths[index] - TerminalText.cells(text)))
            writer.write(text, isChosen ? .strong : .faint)
        }
        writer.skip(4)
        if hasClients(width) {
            writer.write("client", .faint)
            writer.pad(to: TopReport.widths.reduce(4, +) + TopReport.clientWidth)
        }
        writer.write("host and path", .faint)
        writer.endLine()
    }

    private func write(_ connection: TopConnection, _ width: Int, _ now: Timestamp, _ writer: inout TerminalWriter) {
        let rate = connection.meter.rate(at: now)
        let isOver = connection.end != nil
        let ink: Ink = isOver ? .faint : .plain
        let cells = [
            (TopReport.short(rate.frames), ink), (TopReport.short(rate.bytesFromClient), ink),
            (TopReport.short(rate.bytesFromServer), ink), (TopReport.short(Double(connection.frames)), ink),
            (connection.roundTrip.map(TopReport.brief) ?? "", ink), (connection.foundText, connection.foundInk),
            (isOver ? "" : TopReport.silence(connection.idle(at: now)), ink),
        ]
        let number = "#\(connection.number)"
        writer.skip(max(0, TopReport.widths[0] - number.utf8.count))
        writer.write(number, .connection(connection.number))
        for (index, (text, ink)) in cells.enumerated() {
            writer.skip(max(1, TopReport.widths[index + 1] - TerminalText.cells(text)))
            writer.write(text, ink)
        }
        let mark = connection.verdict.mark
        writer.skip(2)
        writer.write(isOver ? "·" : mark.sign, isOver ? .faint : mark.ink)
        writer.skip(1)
        if hasClients(width) {
            writer.write(connection.client.description, ink)
            writer.pad(to: TopReport.widths.reduce(4, +) + TopReport.clientWidth)
        }
        writer.write(connection.resource, ink)
        if let end = connection.end { writer.write("  \(end.sentence)", .faint) }
        writer.endLine()
    }

    private func write(_ finding: Finding, _ writer: inout TerminalWriter) {
        let mark = finding.violation.id.severity.mark
        writer.write(TimeText.clock(finding.time), .faint)
        writer.write(" #\(finding.connection) ", .connection(finding.connection))
        writer.write("\(mark.sign) \(finding.violation.id.rawValue)", mark.ink)
        writer.write("  \(finding.violation.detail)")
        writer.endLine()
    }

    private func hasClients(_ width: Int) -> Bool { width >= 150 }

    /// At most six characters: `0.4`, `123`, `12.3k`.
    private static func short(_ value: Double) -> String {
        if value == 0 { return "0" }
        if value < 10 { return tenths(value) }
        if value < 10_000 { return "\(Int(value.rounded()))" }
        for (name, size) in [("k", 1e3), ("M", 1e6), ("G", 1e9)] where value < size * 1_000 {
            return tenths(value / size) + name
        }
        return "\(tenths(value / 1e12))T"
    }

    private static func tenths(_ value: Double) -> String {
        let tenths = Int(min((value * 10).rounded(), 1e15))
        return tenths.isMultiple(of: 10) ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    /// How long nothing was said; nothing where that is no more than a second.
    private static func silence(_ nanoseconds: Int64) -> String {
        nanoseconds < 1_000_000_000 ? "" : brief(nanoseconds)
    }

    /// A duration in few characters: `87 µs`, `1.2 s`, `12 min`.
    private static func brief(_ nanoseconds: Int64) -> String {
        let minute: Int64 = 60_000_000_000
        if nanoseconds >= 2 * minute { return "\(nanoseconds / minute) min" }
        for (name, size) in [("s", 1_000_000_000), ("ms", 1_000_000), ("µs", 1_000)] as [(String, Int64)]
        where nanoseconds >= size {
            return "\(tenths(Double(nanoseconds) / Double(size))) \(name)"
        }
        return "\(nanoseconds) ns"
    }
}

extension TopConnection {
    /// The worst findings, as a mark and how many there are.
    fileprivate var foundText: String {
        worst.map { "\($0.mark.sign) \(findings[$0] ?? 0)" } ?? ""
    }

    fileprivate var foundInk: Ink { worst?.mark.ink ?? .plain }

    private var worst: Severity? { findings.keys.max() }
}
