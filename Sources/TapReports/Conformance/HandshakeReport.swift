import TapAnalysis
import TapCore
import TapHTTP
import TapWebSocket

/// What `wstap verify` says to people: each handshake with its verdict, every rule that was checked, and what is wrong;
/// then what is wrong with the frames, by connection and side; how connections ended that did not end as they should; totals.
public struct HandshakeReport: Report {
    private static let numberColumn = 16
    private static let violationColumn = 6
    private let style: TableStyle
    private let handshakesOnly: Bool
    private var told = ToldFindings()
    private var broken = BrokenRules()
    private var ends = UncleanEnds()

    /// - Parameters:
    ///   - width: columns of the terminal.
    ///   - handshakesOnly: whether connections whose handshakes were not captured count for nothing.
    public init(width: Int = 120, color: Bool = false, handshakesOnly: Bool = false) {
        style = TableStyle(width: width, hasColor: color)
        self.handshakesOnly = handshakesOnly
    }

    public mutating func write(_ observations: Observations, start: Timestamp, to output: inout [UInt8]) {
        TerminalWriter.append(to: &output, style) { writer in
            for (index, observation) in observations.all.enumerated() {
                switch observation {
                case .handshake(let handshake):
                    let violations = observations.violations(of: handshake, at: index)
                    HandshakeReport.write(handshake, violations, to: &writer)
                    told.note(violations, of: handshake)
                case .finding(let finding):
                    if !told.contains(finding) { broken.add(finding) }
                case .connection(let connection): ends.note(connection)
                case .frame, .message, .tls: break
                }
            }
        }
    }

    public mutating func finish(_ summary: Summary, dropped: UInt64, to output: inout [UInt8]) {
        TerminalWriter.append(to: &output, style) { writer in
            broken.write(to: &writer)
            ends.write(to: &writer)
            if summary.connections > 0 { writer.endLine() }
            writer.flow(items: summary.totals(handshakesOnly: handshakesOnly)) { _ in }
            writer.endLine()
            let unread = summary.unreadItems
            if !unread.isEmpty { writer.line("unread", unread.map { Piece("! \($0.words)", .warning) }) }
            if summary.shown != nil { writer.line("shown", summary.shownItems(withFrames: false)) }
            guard let pattern = summary.cuts.pattern else { return }
            let words = "! \(pattern.sentence)".split(separator: " ").map { Piece(String($0), .warning) }
            writer.flow(words, separator: Piece(" ")) { writer in writer.skip(2) }
            writer.endLine()
        }
    }

    private static func write(_ handshake: Handshake, _ violations: [Violation], to writer: inout TerminalWriter) {
        let mark = handshake.verdict.mark
        writer.write("\(mark.sign) \(handshake.verdict.rawValue)", mark.ink)
        writer.pad(to: numberColumn)
        writer.write("#\(handshake.connection)", .connection(handshake.connection))
        writer.pad(to: numberColumn + 5)
        writer.write("\(handshake.client) → \(handshake.server)")
        if let resource = handshake.resource { writer.write("  \(resource)", .strong) }
        writer.endLine()
        if let proxied = handshake.proxied {
            writer.pad(to: violationColumn)
            writer.write(proxied)
            writer.endLine()
        }
        // Where no head was captured there is nothing to check off.
        if handshake.verdict != .midstream {
            let checklist = HandshakeChecklist(
                request: handshake.request, response: handshake.response, violations: violations)
            writer.write(checklist, of: handshake) { writer in writer.pad(to: violationColumn) }
        }
        if let body = ShownBody(of: handshake) {
            writer.pad(to: violationColumn)
            writer.write(body) { writer in writer.pad(to: violationColumn) }
        }
        for violation in violations where violation.id.handshakeRule(of: violation.sender) == nil {
            writer.pad(to: violationColumn)
            writer.write(violation, hasSeverity: true) { writer in writer.pad(to: violationColumn + 2) }
        }
    }
}

extension Summary {
    /// The last line: how many of what.
    fileprivate func totals(handshakesOnly: Bool) -> [Piece] {
        let verdicts = Verdict.allCases.compactMap { verdict in
            handshakes[verdict].map { Piece("\(verdict.mark.sign) \($0) \(verdict.rawValue)", verdict.mark.ink) }
        }
        let found = self.severities
        let severities = Severity.allCases.compactMap { severity -> Piece? in
            guard let number = found[severity] else { return nil }
            let text = Decimal.counted(UInt64(clamping: number), severity.rawValue)
            return Piece("\(severity.mark.sign) \(text)", severity.mark.ink)
        }
        // Notes on connections that count for nothing do not make them any.
        let nothing = nothingJudged(handshakesOnly: handshakesOnly).map { Piece($0, .warning) }
        let told = [nothing].compactMap(\.self) + severities
        return [Piece(Decimal.counted(UInt64(clamping: connections), "handshake"))] + verdicts
            + [Piece(Decimal.counted(frames, "frame"))] + (told.isEmpty ? [Piece("nothing found", .good)] : told)
    }
}

/// How connections ended that were cut, failed or were closed with a code of the application's, a line each.
struct UncleanEnds {
    /// Connections that are told; more are counted.
    private static let limit = 10_000

    private var ends: [(connection: Int, close: ConnectionClose)] = []
    private var untold: UInt64 = 0

    /// Keeps the connection's end where there is something to tell; one that is still open has none.
    mutating func note(_ connection: Connection) {
        guard connection.close.hasEnded, connection.close.isRemarkable else { return }
        if ends.count < UncleanEnds.limit {
            ends.append((connection.number, connection.close))
        } else {
            untold += 1
        }
    }

    func write(to writer: inout TerminalWriter) {
        guard !ends.isEmpty else { return }
        writer.endLine()
        for (connection, close) in ends.sorted(by: { $0.connection < $1.connection }) {
            writer.write("#\(connection)", .connection(connection))
            writer.pad(to: 6)
            let headline = Piece("\(close.mark.sign) \(close.headline)", close.mark.ink)
            writer.flow(items: [headline] + close.ending.map { Piece($0) }) { writer in writer.pad(to: 8) }
            writer.endLine()
        }
        guard untold > 0 else { return }
        writer.write("… and \(Decimal.counted(untold, "connection")) more", .faint)
        writer.endLine()
    }
}
