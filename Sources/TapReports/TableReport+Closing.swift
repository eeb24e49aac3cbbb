import TapAnalysis
import TapWebSocket

extension TableReport {
    mutating func writeClosing(_ connection: Connection, _ writer: inout TerminalWriter) {
        let close = connection.close
        let headline = Piece("\(close.mark.sign) \(close.headline)", close.mark.ink)
        let details =
            close.outcome + [
                TimeText.duration(connection.closed.since(connection.opened)),
                connection.fromClient.sentence(for: .client), connection.fromServer.sentence(for: .server),
            ]
        writer.flow(items: [headline] + details.map { Piece($0) }) { writer in indent(connection.number, &writer) }
        writer.endLine()
    }
}

extension ConnectionClose {
    fileprivate var mark: Mark {
        if isClean { return .good }
        switch endedBy {
        case .fin, .rst: return .warning
        case .captureEnd, .evicted: return .partial
        }
    }

    /// Who ended the connection, and what the first close frame said.
    fileprivate var headline: String {
        let who = initiator.map { " by the \($0.rawValue)" } ?? ""
        if let body { return "closed\(who): \(body.sentence)" }
        switch endedBy {
        case .fin: return "closed\(who) without a close frame"
        case .rst: return "reset\(who) without a close frame"
        case .captureEnd, .evicted: return initiator == nil ? end : "half closed\(who), \(end)"
        }
    }

    /// What came of it.
    fileprivate var outcome: [String] {
        guard body == nil else { return [isClean ? "clean" : "close frame not answered", end] }
        switch endedBy {
        // What browsers and libraries report where there was no close frame. RFC 6455 §7.1.5.
        case .fin, .rst: return ["applications see 1006"]
        case .captureEnd, .evicted: return []
        }
    }

    private var end: String {
        switch endedBy {
        case .fin: "FIN"
        case .rst: "RST"
        case .captureEnd: "open when the capture ends"
        case .evicted: "not followed to its end"
        }
    }
}

extension DirectionStatistics {
    /// `client → 9 frames, 812 B`.
    fileprivate func sentence(for sender: Sender) -> String {
        var text = "\(sender.arrow) \(Decimal.counted(frames, "frame")), \(Decimal.grouped(payloadBytes)) B"
        if missingBytes > 0 { text += ", \(Decimal.grouped(missingBytes)) B missing" }
        if undecodedBytes > 0 { text += ", \(Decimal.grouped(undecodedBytes)) B not decoded" }
        return text
    }
}
