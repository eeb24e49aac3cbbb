import TapAnalysis
import TapCore
import TapWebSocket

extension TableReport {
    /// - Parameter finding: what was found about the end, which the row says as well.
    mutating func writeClosing(_ connection: Connection, _ finding: Finding?, _ writer: inout TerminalWriter) {
        let close = connection.close
        let headline = Piece("\(close.mark.sign) \(close.headline)", close.mark.ink)
        let details =
            close.ending + [
                connection.durationWords,
                connection.fromClient.sentence(for: .client), connection.fromServer.sentence(for: .server),
            ] + (connection.pingSentence.map { [$0] } ?? [])
        let legs = connection.pair?.closingItems(of: connection.number) ?? []
        // Of this only the reason of a close frame is from the wire: where the terminal is narrow it may take more lines.
        let name = finding.map { Piece($0.violation.id.rawValue, $0.violation.id.severity.mark.ink) }
        let items = [headline] + [name].compactMap(\.self) + details.map { Piece($0) } + legs
        writer.flow(items: items, limit: 2 * TerminalWriter.lineLimit) { writer in
            indent(connection.number, &writer)
        }
        writer.endLine()
        if let finding { writeHint(at: finding.violation, connection.number, margin.width + 2, &writer) }
    }
}

extension DirectionStatistics {
    /// `client → 9 frames, 812 B`.
    fileprivate func sentence(for sender: Sender) -> String {
        var text = "\(sender.arrow) \(Decimal.counted(frames, "frame")), \(Decimal.grouped(payloadBytes)) B"
        if missingBytes > 0 { text += ", \(Decimal.grouped(missingBytes)) B missing" }
        if undecodedBytes > 0 { text += ", \(Decimal.grouped(undecodedBytes)) B not decoded" }
        return ([text] + troubleWords).joined(separator: ", ")
    }
}
