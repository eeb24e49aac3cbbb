import TapWebSocket

extension TerminalWriter {
    /// Writes what is wrong, to the end of the line and on further lines where it needs them.
    /// - Parameters:
    ///   - hasSeverity: whether the severity is written out.
    ///   - place: where in the capture, where the lines around do not say it.
    ///   - newLine: writes what a further line begins with.
    mutating func write(
        _ violation: Violation, hasSeverity: Bool, place: String? = nil, newLine: (inout TerminalWriter) -> Void
    ) {
        let severity = violation.severity
        let name = hasSeverity ? "\(severity.rawValue) \(violation.id.rawValue)" : violation.id.rawValue
        let comparison = violation.comparison
        var pieces = [Piece("\(severity.mark.sign) \(name) ", severity.mark.ink)]
        let sentence = comparison == nil ? violation.detail : violation.id.meaning
        pieces += Piece.words(of: sentence)
        let rule = "(\(violation.id.reference))"
        pieces.append(Piece(place.map { "\(rule) · \($0)" } ?? rule, .faint))
        flow(pieces, separator: Piece(" "), newLine: newLine)
        endLine()
        if let comparison { writeComparison(comparison.expected, comparison.found, newLine: newLine) }
    }

    /// Writes what should have been sent, and below it what was.
    mutating func writeComparison(_ expected: String, _ found: String, newLine: (inout TerminalWriter) -> Void) {
        for (label, value, ink) in [("expected", expected, Ink.good), ("found", found, .error)] {
            newLine(&self)
            let valueColumn = column + 10
            write(label, .faint)
            pad(to: valueColumn)
            write(value, ink)
            endLine()
        }
    }
}

extension TerminalWriter {
    /// Writes what the body of a refusal says.
    mutating func write(_ body: ShownBody, newLine: (inout TerminalWriter) -> Void) {
        let words = body.row.split(separator: " ").map { Piece(String($0)) }
        flow([Piece("body", .faint)] + words, separator: Piece(" "), newLine: newLine)
        endLine()
    }
}

extension Violation {
    /// What should have been sent and what was, where one can compare them.
    var comparison: (expected: String, found: String)? {
        guard let expected = text(of: "expected"), let found = text(of: "found") else { return nil }
        return (expected, found)
    }

    private func text(of name: String) -> String? {
        for fact in evidence where fact.name == name {
            if case .text(let text) = fact.value { return text }
        }
        return nil
    }
}
