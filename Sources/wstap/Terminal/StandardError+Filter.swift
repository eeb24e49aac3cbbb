import TapFilters
import TapReports

extension StandardError {
    /// What is wrong with a filter, the filter, and a mark below the spot.
    static func say(_ error: FilterError, in filter: String) {
        let bytes = Array(filter.utf8)
        let start = TerminalText.cells(bytes[..<min(error.range.lowerBound, bytes.count)])
        let marked = TerminalText.cells(bytes[error.range.clamped(to: 0..<bytes.count)])
        let mark = String(repeating: " ", count: start) + String(repeating: "^", count: max(1, marked))
        say(error.reason)
        write(lines: "  \(TerminalText.escape(filter))\n  \(mark)")
    }
}
