import TapAnalysis
import TapWebSocket

extension TerminalWriter {
    /// Writes every rule of a handshake with its mark, the server's on lines of their own; then what is wrong, finding by
    /// finding, with what was expected and what was found.
    /// - Parameters:
    ///   - listsRules: whether rules that were kept are shown, too.
    ///   - newLine: writes what each line begins with.
    mutating func write(
        _ checklist: HandshakeChecklist, of handshake: Handshake, listsRules: Bool,
        newLine: (inout TerminalWriter) -> Void
    ) {
        if listsRules { writeRules(checklist, handshake, newLine: newLine) }
        for rule in checklist.rules { write(rule, newLine: newLine) }
    }

    private mutating func writeRules(
        _ checklist: HandshakeChecklist, _ handshake: Handshake, newLine: (inout TerminalWriter) -> Void
    ) {
        let request = TerminalWriter.pieces(
            checklist.rules(of: .client), handshake, isMissing: handshake.request == nil)
        let answer = TerminalWriter.pieces(
            checklist.rules(of: .server), handshake, isMissing: handshake.response == nil)
        newLine(&self)
        writeRules(request, newLine: newLine)
        endLine()
        newLine(&self)
        write("→ ", .faint)
        writeRules(answer) { writer in
            newLine(&writer)
            writer.skip(2)
        }
        endLine()
    }

    private mutating func writeRules(_ pieces: [Piece], newLine: (inout TerminalWriter) -> Void) {
        flow(pieces, separator: Piece("  "), limit: HandshakeRule.allCases.count, newLine: newLine)
    }

    /// What is wrong with one rule; nothing where it was kept.
    private mutating func write(_ rule: CheckedRule, newLine: (inout TerminalWriter) -> Void) {
        var isCompared = false
        for violation in rule.violations {
            newLine(&self)
            write(violation, hasSeverity: true) { writer in
                newLine(&writer)
                writer.skip(2)
            }
            isCompared = isCompared || violation.comparison != nil
        }
        // What the server answered stands in the sentence already.
        guard !rule.violations.isEmpty, !isCompared, rule.rule != .status, let found = rule.found else { return }
        writeComparison(rule.expected, found) { writer in
            newLine(&writer)
            writer.skip(2)
        }
    }

    private static func pieces(_ rules: [CheckedRule], _ handshake: Handshake, isMissing: Bool) -> [Piece] {
        var pieces: [Piece] = []
        var unchecked: [String] = []
        let endUnchecked = { (pieces: inout [Piece], unchecked: inout [String]) in
            if !unchecked.isEmpty { pieces.append(Piece("– \(unchecked.joined(separator: ", "))", .faint)) }
            unchecked = []
        }
        for rule in rules {
            switch rule.outcome {
            case .notChecked:
                if !isMissing { unchecked.append(rule.label(in: handshake)) }
            case .kept:
                endUnchecked(&pieces, &unchecked)
                pieces.append(Piece("✓ \(rule.label(in: handshake))", .good))
            case .broken(let violations):
                endUnchecked(&pieces, &unchecked)
                let worst = violations.map(\.severity).max() ?? .note
                pieces.append(Piece("✗ \(rule.label(in: handshake))", worst.mark.ink))
            }
        }
        endUnchecked(&pieces, &unchecked)
        if pieces.isEmpty { pieces.append(Piece("– not captured", .faint)) }
        return pieces
    }
}
