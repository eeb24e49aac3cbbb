import Glibc
import TapAnalysis
import TapReports

/// Messages for the person at the terminal: progress, warnings and errors.
enum StandardError {
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// The columns of the terminal that it is; `nil` where it is none, and lines may have any length.
    static var width: Int? { isTerminal ? TerminalSettings(color: .never, isTerminal: true).width : nil }

    /// Writes a message that begins with the program's name, on a terminal in as many lines as it needs. Names in it may be
    /// anybody's: the text is escaped.
    static func say(_ message: String) {
        let message = "wstap: \(message)"
        guard let width else { return write("\(TerminalText.escape(message))\n") }
        write(TerminalText.paragraph(message, width: width))
    }

    /// Writes lines as they are, with what they quote escaped.
    static func write(lines text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            TerminalText.escape(String($0))
        }
        write(lines.joined(separator: "\n") + "\n")
    }

    /// Writes totals as the table ends with them.
    static func write(_ totals: Summary, dropped: UInt64) {
        let settings = TerminalSettings(color: .auto, isTerminal: isTerminal)
        write(totals.lines(dropped: dropped, width: settings.width, hasColor: settings.hasColor))
    }

    static func write(_ text: String) { write(Array(text.utf8)) }

    private static func write(_ text: [UInt8]) {
        var bytes = text[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
