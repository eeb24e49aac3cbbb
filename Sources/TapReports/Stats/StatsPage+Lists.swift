import TapAnalysis
import TapCore
import TapWebSocket

extension StatsPage {
    /// How wide the columns of numbers are; on a narrow page, so that two endpoints have room behind them.
    private var numberWidths: [Int] { width < 100 ? [12, 10, 11, 11] : [12, 12, 12, 12] }

    /// Writes the rows of a table with the most bytes, and those with handshakes that opened nothing or were wrong.
    func writeTable(_ title: String, _ table: TrafficTable, _ writer: inout TerminalWriter) {
        guard !table.rows.isEmpty else { return }
        begin(title, &writer)
        writeHeader(["handshakes", "messages", "client → B", "← server B"], &writer)
        let ranked = table.ranked
        for row in ranked.prefix(StatsPage.listed) { write(row.traffic, row.name, &writer) }
        var rest = table.others
        // What opened nothing or was given up at once has few bytes, and is what one looks for.
        var room = StatsPage.listed
        for row in ranked.dropFirst(StatsPage.listed) {
            if row.traffic.refused + row.traffic.invalid > 0, room > 0 {
                room -= 1
                write(row.traffic, row.name, &writer)
            } else {
                rest.merge(row.traffic)
            }
        }
        if rest != Traffic() { write(rest, "all others", &writer) }
    }

    /// Writes the connections with the most payload.
    func writeBusiest(_ writer: inout TerminalWriter) {
        guard statistics.busiest.count > 1 else { return }
        begin("top talkers", &writer)
        writeHeader(["connection", "messages", "client → B", "← server B"], &writer)
        for connection in statistics.busiest {
            skip("#\(connection.number)", in: 0, &writer)
            writer.write("#\(connection.number)", .connection(connection.number))
            writeNumbers(
                [
                    connection.fromClient.messages &+ connection.fromServer.messages,
                    connection.fromClient.payloadBytes, connection.fromServer.payloadBytes,
                ], from: 1, &writer)
            writeName(
                [Piece("\(connection.client) →"), Piece("\(connection.server)")], separator: Piece(" "), &writer)
        }
    }

    /// Writes how many frames of each kind each side sent.
    func writeOpcodes(_ writer: inout TerminalWriter) {
        let sides = [statistics.fromClient.frames, statistics.fromServer.frames]
        let rows = sides[0].kinds.indices.map { row in sides.map { $0.kinds[row].count } }
        let most = rows.joined().max() ?? 0
        guard most > 0 else { return }
        begin("frames", &writer)
        let column = 16
        let room = (width - column) / 2
        for (row, counts) in rows.enumerated() where counts.contains(where: { $0 > 0 }) {
            writer.skip(StatsPage.indent)
            writer.write(sides[0].kinds[row].name)
            for (index, sender) in Sender.allCases.enumerated() where counts[index] > 0 {
                writer.pad(to: column + index * room)
                writer.write(bar: counts[index], of: most, cells: min(room - 12, 60), sender.ink)
                writer.skip(1)
                writer.write(Decimal.grouped(counts[index]))
            }
            writer.endLine()
        }
    }

    func writeCompression(_ writer: inout TerminalWriter) {
        let sides = Sender.allCases.map { ($0, statistics.from($0)) }.filter { $0.1.inflated + $0.1.notInflated > 0 }
        guard !sides.isEmpty else { return }
        begin("compression", &writer)
        for (sender, sent) in sides {
            writer.skip(StatsPage.indent)
            writer.write(sender.arrow, sender.ink)
            writer.pad(to: 12)
            var items = [
                Piece("\(Decimal.counted(sent.inflated, "message")) of \(Decimal.grouped(sent.frames.messages))"),
                Piece("\(Decimal.grouped(sent.compressedBytes)) B → \(Decimal.grouped(sent.inflatedBytes)) B"),
            ]
            if let tenths = sent.ratioTenths { items.append(Piece("\(tenths / 10).\(tenths % 10) : 1", .strong)) }
            if sent.notInflated > 0 {
                items.append(Piece("\(Decimal.grouped(sent.notInflated)) not inflated", .warning))
            }
            writer.flow(items: items) { writer in writer.pad(to: 12) }
            writer.endLine()
        }
    }

    func writePings(_ writer: inout TerminalWriter) {
        let sides = Sender.allCases.map { ($0, statistics.from($0).pings) }.filter { $0.1.isUsed }
        guard !sides.isEmpty else { return }
        begin("pings", &writer)
        for (sender, pings) in sides {
            writer.skip(StatsPage.indent)
            writer.write(sender.arrow, sender.ink)
            writer.pad(to: 12)
            var items = [Piece("\(Decimal.counted(pings.sent, "ping"))"), Piece("\(pings.answered) answered")]
            if pings.unsolicitedPongs > 0 { items.append(Piece("\(pings.unsolicitedPongs) unsolicited pongs back")) }
            writer.flow(items: items + pings.roundTrips.items(.time)) { writer in writer.pad(to: 12) }
            writer.endLine()
        }
    }

    /// What TCP had to do, where there is anything to say.
    func writeTransport(_ writer: inout TerminalWriter) {
        let sides = Sender.allCases.map { ($0, statistics.from($0).frames.troubleWords) }.filter { !$0.1.isEmpty }
        let times = statistics.tcpRoundTrips.values
        guard times.count > 0 || !sides.isEmpty else { return }
        begin("TCP", &writer)
        if times.count > 0 {
            writer.skip(StatsPage.indent)
            writer.write("handshake")
            writer.pad(to: 12)
            writer.flow(items: times.items(.time)) { writer in writer.pad(to: 12) }
            writer.endLine()
        }
        for (sender, words) in sides {
            writer.skip(StatsPage.indent)
            writer.write(sender.arrow, sender.ink)
            writer.pad(to: 12)
            writer.flow(items: words.map { Piece($0) }) { writer in writer.pad(to: 12) }
            writer.endLine()
        }
    }

    func writeClosings(_ writer: inout TerminalWriter) {
        let closings = statistics.closings
        guard closings.count > 0 else { return }
        begin("ends of connections", &writer)
        var rows = closings.sortedCodes.map { row in
            (
                name: row.code.map { "\($0.rawValue) \($0.name)" } ?? "close frame without a code", count: row.count,
                ink: ConnectionClose.Outcome(code: row.code).ink
            )
        }
        rows += closings.sortedCauses.map { (name: $0.cause.words, count: $0.count, ink: $0.cause.ink) }
        rows += closings.sortedUncertain.map {
            (name: $0.cause.wordsWithoutCertainty, count: $0.count, ink: Ink.note)
        }
        let most = rows.map(\.count).max() ?? 0
        let column = StatsPage.indent + (rows.prefix(StatsPage.listed).map(\.name.count).max() ?? 0) + 2
        for row in rows.prefix(StatsPage.listed) {
            writer.skip(StatsPage.indent)
            writer.write(row.name)
            writer.pad(to: column)
            writer.write(bar: row.count, of: most, cells: min(width - column - 12, 60), row.ink)
            writer.skip(1)
            writer.write(Decimal.grouped(row.count))
            writer.endLine()
        }
        writer.skip(StatsPage.indent)
        writer.flow(items: closings.outcomeItems) { writer in writer.skip(StatsPage.indent) }
        writer.endLine()
    }

    private func writeHeader(_ names: [String], _ writer: inout TerminalWriter) {
        for (index, name) in names.enumerated() {
            skip(name, in: index, &writer)
            writer.write(name, .faint)
        }
        writer.endLine()
    }

    private func write(_ traffic: Traffic, _ name: String, _ writer: inout TerminalWriter) {
        writeNumbers(
            [traffic.handshakes, traffic.messages, traffic.bytesFromClient, traffic.bytesFromServer], from: 0, &writer)
        var pieces = [Piece(name)]
        if traffic.refused > 0 { pieces.append(Piece("(\(Decimal.grouped(traffic.refused)) not opened)", .warning)) }
        if traffic.invalid > 0 { pieces.append(Piece("(\(Decimal.grouped(traffic.invalid)) invalid)", .error)) }
        writeName(pieces, separator: Piece("  "), &writer)
    }

    /// Writes whose numbers these are, behind their columns; what does not fit goes on in the next line.
    private func writeName(_ pieces: [Piece], separator: Piece, _ writer: inout TerminalWriter) {
        let column = numberWidths.reduce(2, +)
        writer.pad(to: column)
        writer.flow(pieces, separator: separator) { writer in writer.pad(to: column) }
        writer.endLine()
    }

    private func writeNumbers(_ numbers: [UInt64], from first: Int, _ writer: inout TerminalWriter) {
        for (index, number) in numbers.map(Decimal.grouped).enumerated() {
            skip(number, in: first + index, &writer)
            writer.write(number)
        }
    }

    /// Leaves so much free that what follows ends where its column does.
    private func skip(_ text: String, in column: Int, _ writer: inout TerminalWriter) {
        writer.skip(max(1, numberWidths[column] - text.count))
    }
}

extension ClosingStatistics {
    /// How many ends there were of each kind.
    fileprivate var outcomeItems: [Piece] {
        let known = ConnectionClose.Outcome.allCases.compactMap { outcome in
            outcomes[outcome].map { Piece("\(Decimal.grouped($0)) \(outcome.words)", outcome.ink) }
        }
        return known + [outcomes[nil].map { Piece("\(Decimal.grouped($0)) not known", .note) }].compactMap(\.self)
    }
}

extension ConnectionClose.Outcome {
    fileprivate var words: String {
        switch self {
        case .normal: "ended normally"
        case .failed: "failed"
        case .application: "ended by the application"
        case .cut: "cut"
        case .open: "open"
        }
    }

    fileprivate var ink: Ink {
        switch self {
        case .normal: .good
        case .failed, .cut: .warning
        case .application, .open: .note
        }
    }
}

extension ConnectionClose.Cause {
    fileprivate var ink: Ink {
        switch self {
        case .fin, .rst, .endStream, .resetStream, .goAway, .connectionClose: .warning
        case .captureEnd, .evicted: .note
        }
    }

    /// What it means where there was no close frame.
    fileprivate var words: String {
        switch self {
        case .fin: "FIN, no close frame (1006)"
        case .rst: "RST, no close frame (1006)"
        case .endStream: "END_STREAM, no close frame (1006)"
        case .resetStream: "stream reset, no close frame (1006)"
        case .goAway: "GOAWAY, no close frame (1006)"
        case .connectionClose: "CONNECTION_CLOSE, no close frame (1006)"
        case .captureEnd: "open when the capture ends"
        case .evicted: "not followed to the end"
        }
    }

    /// The same where bytes are missing.
    fileprivate var wordsWithoutCertainty: String {
        switch self {
        case .fin: "FIN, close frames not known"
        case .rst: "RST, close frames not known"
        case .endStream: "END_STREAM, close frames not known"
        case .resetStream: "stream reset, close frames not known"
        case .goAway: "GOAWAY, close frames not known"
        case .connectionClose: "CONNECTION_CLOSE, close frames not known"
        case .captureEnd: "end not captured"
        case .evicted: "not followed to the end"
        }
    }
}

extension DirectionStatistics {
    /// How many frames of each kind, always in the same order.
    var kinds: [(name: String, count: UInt64)] {
        [
            ("text", text), ("binary", binary), ("continuation", continuation), ("ping", ping), ("pong", pong),
            ("close", close), ("reserved", reserved),
        ]
    }
}

extension SentStatistics {
    /// How many times smaller compression has made messages, in tenths; `nil` where there is nothing to compare.
    var ratioTenths: UInt64? {
        guard compressedBytes > 0, inflatedBytes > 0 else { return nil }
        return UInt64(clamping: Int64((Double(inflatedBytes) / Double(compressedBytes) * 10).rounded()))
    }
}
