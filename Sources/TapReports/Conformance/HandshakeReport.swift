import TapAnalysis
import TapCore
import TapHTTP
import TapWebSocket

/// What `wstap verify` says to people: each handshake with its verdict, the worst first, and of those that are not valid every rule
/// that was checked, and what is wrong; then what is wrong with the frames, by connection and side; how connections ended
/// that did not end as they should; totals. What is equal in many connections is said once.
public struct HandshakeReport: Report {
    private static let numberColumn = 16
    private static let violationColumn = 6
    private let style: TableStyle
    private let handshakesOnly: Bool
    private let showsAllRules: Bool
    /// The handshakes that wait for worse ones.
    private var handshakes: [(rank: Int, connection: Int, text: [UInt8])] = []
    private var told = ToldFindings()
    private var broken = BrokenRules()
    private var ends = UncleanEnds()
    private var unreadTLS = UnreadTLSLines()

    /// - Parameters:
    ///   - width: columns of the terminal.
    ///   - handshakesOnly: whether connections whose handshakes were not captured count for nothing.
    ///   - showsAllRules: whether each rule of valid handshakes is shown as well.
    public init(width: Int = 120, color: Bool = false, handshakesOnly: Bool = false, showsAllRules: Bool = false) {
        style = TableStyle(width: width, hasColor: color)
        self.handshakesOnly = handshakesOnly
        self.showsAllRules = showsAllRules
    }

    public mutating func write(_ observations: Observations, start: Timestamp, to output: inout [UInt8]) {
        for (index, observation) in observations.all.enumerated() {
            switch observation {
            case .handshake(let handshake):
                let violations = observations.violations(of: handshake, at: index)
                var text: [UInt8] = []
                TerminalWriter.append(to: &text, style) { writer in write(handshake, violations, to: &writer) }
                handshakes.append((HandshakeReport.rank(handshake, violations), handshake.connection, text))
                if handshakes.count == HandshakeReport.limit { writeHandshakes(to: &output) }
                told.note(violations, of: handshake)
            case .finding(let finding):
                if !told.contains(finding) { broken.add(finding) }
            case .connection(let connection):
                // The finding says as much.
                if !broken.hasMissingClose(of: connection.number) { ends.note(connection) }
            case .tls(let unread): unreadTLS.note(unread)
            case .frame, .message: break
            }
        }
    }

    /// Whether the rules are shown that a handshake kept, too.
    private func listsRules(_ handshake: Handshake, _ violations: [Violation]) -> Bool {
        showsAllRules || handshake.verdict != .valid || violations.contains { $0.id.severity > .note }
    }

    /// Handshakes that wait for worse ones; of more, so many at a time are in order.
    private static let limit = 10_000

    /// The worst first, and alike ones by their numbers.
    private mutating func writeHandshakes(to output: inout [UInt8]) {
        let sorted = handshakes.sorted { ($0.rank, $0.connection) < ($1.rank, $1.connection) }
        for handshake in sorted { output += handshake.text }
        handshakes = []
    }

    private static func rank(_ handshake: Handshake, _ violations: [Violation]) -> Int {
        let worst = violations.map(\.id.severity).max()
        return switch (handshake.verdict, worst) {
        case (.invalid, _): 0
        case (_, .error): 1
        case (.refused, _): 2
        case (.unanswered, _): 3
        case (_, .warning): 4
        case (.unverifiable, _): 5
        case (_, .note): 6
        case (.midstream, nil): 7
        case (.valid, nil): 8
        }
    }

    public mutating func finish(_ summary: Summary, dropped: UInt64, to output: inout [UInt8]) {
        writeHandshakes(to: &output)
        TerminalWriter.append(to: &output, style) { writer in
            broken.write(to: &writer)
            ends.write(to: &writer)
            if summary.connections > 0 { writer.endLine() }
            writer.flow(items: summary.totals(handshakesOnly: handshakesOnly)) { _ in }
            writer.endLine()
            let unread = summary.unreadItems
            if !unread.isEmpty { writer.line("unread", unread.map { Piece("! \($0.words)", .warning) }) }
            writer.write(unreadTLS)
            if summary.shown != nil { writer.line("shown", summary.shownItems(withFrames: false)) }
            guard let pattern = summary.cuts.pattern else { return }
            let words = Piece.words(of: "! \(pattern.sentence)", .warning)
            writer.flow(words, separator: Piece(" ")) { writer in writer.skip(2) }
            writer.endLine()
        }
    }

    private func write(_ handshake: Handshake, _ violations: [Violation], to writer: inout TerminalWriter) {
        let violationColumn = HandshakeReport.violationColumn
        let mark = handshake.verdict.mark
        writer.write("\(mark.sign) \(handshake.verdict.rawValue)", mark.ink)
        writer.pad(to: HandshakeReport.numberColumn)
        writer.write("#\(handshake.connection)", .connection(handshake.connection))
        writer.pad(to: HandshakeReport.numberColumn + 5)
        let items =
            [Piece("\(handshake.client) → \(handshake.server)", .faint)]
            + (handshake.streamWords.map { [Piece($0)] } ?? [])
            + (handshake.resource.map { [Piece(handshake.besideServer($0), .strong)] } ?? [])
            + (handshake.compression.map { [Piece($0, .faint)] } ?? [])
        writer.flow(items, separator: Piece("  ")) { writer in writer.pad(to: HandshakeReport.numberColumn + 5) }
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
            writer.write(checklist, of: handshake, listsRules: listsRules(handshake, violations)) { writer in
                writer.pad(to: violationColumn)
            }
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
        let sorted = ends.sorted { $0.connection < $1.connection }
        let groups = AlikeGroups(sorted) { _, close in ([close.headline] + close.ending).joined(separator: " · ") }
        for group in groups.all {
            let close = group.first.close
            let column = writer.write(connections: group.members.map(\.connection), least: 6)
            let headline = Piece("\(close.mark.sign) \(close.headline)", close.mark.ink)
            let alike = group.isExact ? [] : [Piece("as #\(group.first.connection)", .faint)]
            writer.flow(items: [headline] + close.ending.map { Piece($0) } + alike) { writer in
                writer.pad(to: column + 2)
            }
            writer.endLine()
        }
        guard untold > 0 else { return }
        writer.write("… and \(Decimal.counted(untold, "connection")) more", .faint)
        writer.endLine()
    }
}
