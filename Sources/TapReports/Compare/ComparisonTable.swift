import TapAnalysis
import TapCore
import TapWebSocket

/// A comparison for a terminal: what was compared, how far the clocks are apart, and what differs.
struct ComparisonTable {
    private static let labelWidth = 12

    let comparison: CaptureComparison
    let isQuoting: Bool

    func write(to writer: inout TerminalWriter) {
        for (name, capture, connections) in [
            ("A", comparison.first, comparison.connections.map(\.first) + comparison.onlyInFirst),
            ("B", comparison.second, comparison.connections.map(\.second) + comparison.onlyInSecond),
        ] {
            let messages = connections.reduce(0) { $0 + $1.fromClient.messages.count + $1.fromServer.messages.count }
            line(
                name,
                [
                    Piece(capture.name, .strong),
                    Piece(Decimal.counted(UInt64(clamping: connections.count), "connection")),
                    Piece(Decimal.counted(UInt64(clamping: messages), "message")),
                ], &writer)
            if capture.isCut { line("", [Piece("! what is beyond a limit is not compared", .warning)], &writer) }
        }
        let clock = comparison.clockWords
        if !clock.isEmpty { line("clocks", clock.map { Piece($0) }, &writer) }
        for connection in comparison.connections { write(connection, &writer) }
        writeAlone("only in A", comparison.onlyInFirst, &writer)
        writeAlone("only in B", comparison.onlyInSecond, &writer)
        writer.endLine()
        writer.write(
            comparison.isAlike ? "✓ alike, as far as both show it" : "✗ different",
            comparison.isAlike ? .good : .error)
        writer.endLine()
    }

    private func line(_ label: String, _ items: [Piece], _ writer: inout TerminalWriter) {
        writer.write(label, .faint)
        writer.pad(to: ComparisonTable.labelWidth)
        writer.flow(items: items) { writer in writer.pad(to: ComparisonTable.labelWidth) }
        writer.endLine()
    }

    private func write(_ connection: ConnectionComparison, _ writer: inout TerminalWriter) {
        let (first, second) = (connection.first, connection.second)
        writer.endLine()
        writer.write("A #\(first.number)", .connection(first.number))
        writer.write(" = ")
        writer.write("B #\(second.number)", .connection(second.number))
        writer.pad(to: ComparisonTable.labelWidth)
        let places = ["\(first.client) → \(first.server)", "\(second.client) → \(second.server)"]
        let items = places[0] == places[1] ? [places[0]] : ["A \(places[0])", "B \(places[1])"]
        writer.flow(items: [Piece(connection.evidence.words, .faint)] + items.map { Piece($0) }) { writer in
            writer.pad(to: ComparisonTable.labelWidth)
        }
        writer.endLine()
        for sender in Sender.allCases { writeTotals(connection, sender, &writer) }
        if !connection.isExact {
            line(
                "", [Piece("! too different for the shortest alignment: by messages that are there once", .warning)],
                &writer)
        }
        writeDifferences(connection, &writer)
        let ends = connection.endWords
        if !ends.isEmpty { line("end", [Piece("✗ differs", .error)] + ends.map { Piece($0) }, &writer) }
    }

    private func writeTotals(
        _ connection: ConnectionComparison, _ sender: Sender, _ writer: inout TerminalWriter
    ) {
        let counts = [connection.first, connection.second].map { UInt64(clamping: $0.from(sender).messages.count) }
        let messages =
            counts[0] == counts[1]
            ? Decimal.counted(counts[0], "message")
            : "\(Decimal.counted(counts[0], "message")) in A, \(Decimal.grouped(counts[1])) in B"
        let times = connection.delays(from: sender)
        line(
            sender.arrow,
            [Piece(messages)] + (times.count > 0 ? [Piece("on the way", .faint)] + times.items(.time) : []),
            &writer)
    }

    private func writeDifferences(_ connection: ConnectionComparison, _ writer: inout TerminalWriter) {
        for change in ComparedPair.Change.allCases {
            let found = connection.pairs.filter { $0.changes.contains(change) }
            guard !found.isEmpty else { continue }
            let count = Decimal.counted(UInt64(clamping: found.count), "message")
            writer.skip(2)
            writer.write("\(change.mark.sign) \(change.words)", change.mark.ink)
            writer.write(": \(count)")
            writer.endLine()
            // Where every message is, it needs no list.
            let isEverywhere = change == .remasked && found.count > ComparisonReport.listed
            let shown = isEverywhere ? [] : found.prefix(ComparisonReport.listed)
            let width = shown.compactMap { $0.message.map { "\($0.number)".utf8.count } }.max() ?? 0
            for pair in shown { write(pair, change, connection, width, &writer) }
            guard !isEverywhere, found.count > shown.count else { continue }
            writer.skip(4)
            writer.write("… and \(Decimal.grouped(UInt64(clamping: found.count - shown.count))) more", .faint)
            writer.endLine()
        }
    }

    private func write(
        _ pair: ComparedPair, _ change: ComparedPair.Change, _ connection: ConnectionComparison, _ width: Int,
        _ writer: inout TerminalWriter
    ) {
        guard let message = pair.message else { return }
        writer.skip(4)
        writer.write("\(pair.first == nil ? "B" : "A") message \(message.number)")
        writer.skip(2 + width - "\(message.number)".utf8.count)
        writer.write(pair.sender.arrow, pair.sender.ink)
        writer.skip(2)
        if let age = connection.age(of: pair) { writer.write("at \(TimeText.seconds(age)) s", .faint) }
        writer.skip(2)
        if let details = pair.details(of: change) {
            writer.write(details, .strong)
            writer.skip(2)
        }
        writer.write("\(message.kind) \(Decimal.grouped(message.length)) B")
        writer.skip(2)
        if isQuoting { writer.write(message.excerptText) }
        writer.endLine()
    }

    private func writeAlone(_ label: String, _ connections: [ComparedConnection], _ writer: inout TerminalWriter) {
        guard !connections.isEmpty else { return }
        writer.endLine()
        let count = Decimal.counted(UInt64(clamping: connections.count), "connection")
        line(label, [Piece("\(count) that the other capture does not have: not compared")], &writer)
        for connection in connections.prefix(ComparisonReport.listed) {
            line("#\(connection.number)", [Piece("\(connection.client) → \(connection.server)", .faint)], &writer)
        }
        let more = connections.count - ComparisonReport.listed
        if more > 0 { line("", [Piece("… and \(Decimal.grouped(UInt64(clamping: more))) more", .faint)], &writer) }
    }
}

extension ConnectionComparison.Evidence {
    /// What says that both are one.
    var words: String {
        switch self {
        case .chosen: "as chosen"
        case .endpoints: "the same endpoints"
        case .key: "the same key"
        case .messages: "the same messages"
        }
    }
}
