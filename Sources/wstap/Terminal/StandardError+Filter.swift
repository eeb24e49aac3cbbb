import TapFilters
import TapRedaction
import TapReports

extension StandardError {
    /// What is wrong with a filter, the filter, and a mark below the spot.
    /// - Parameter redaction: what takes secrets out of it.
    static func say(_ error: FilterError, in filter: String, redacting redaction: Redaction?) {
        var redaction = redaction
        let filter = redaction?.redacted(filter) ?? filter
        let bytes = Array(filter.utf8)
        let start = TerminalText.cells(bytes[..<min(error.range.lowerBound, bytes.count)])
        let marked = TerminalText.cells(bytes[error.range.clamped(to: 0..<bytes.count)])
        let mark = String(repeating: " ", count: start) + String(repeating: "^", count: max(1, marked))
        say(redaction?.redacted(error.reason) ?? error.reason)
        write(lines: "  \(TerminalText.escape(filter))\n  \(mark)")
    }
}
