import TapAnalysis
import TapWebSocket

extension TableReport {
    /// Where a finding belongs that stands on a line of its own.
    func writePlace(of finding: Finding, _ writer: inout TerminalWriter) {
        guard let sender = finding.sender else { return }
        writer.write(sender.arrow, .connection(finding.connection))
        writer.skip(2)
        if let frame = finding.frame {
            writer.write("frame \(frame)")
            writer.skip(2)
        }
    }

    mutating func writeFinding(_ violation: Violation, _ number: Int, _ writer: inout TerminalWriter) {
        let column = writer.column + 2
        writer.write(violation, hasSeverity: false) { writer in
            indent(number, &writer)
            writer.pad(to: column)
        }
        writeHint(at: violation, number, column, &writer)
    }

    /// Says once where findings are explained.
    mutating func writeHint(
        at violation: Violation, _ number: Int, _ column: Int, _ writer: inout TerminalWriter
    ) {
        guard hintIsDue else { return }
        hintIsDue = false
        indent(number, &writer)
        writer.pad(to: column)
        writer.write("wstap explain \(violation.id.rawValue) says more", .faint)
        writer.endLine()
    }
}
