import Glibc

/// What the terminal at standard output can show.
struct TerminalSettings {
    let width: Int
    let hasColor: Bool

    /// The width that is used where output goes to no terminal.
    static let pipedWidth = 160
    /// The least width that can be asked for.
    static let narrowest = 20

    /// - Parameter columns: the width that was asked for.
    init(color: ColorChoice, columns: Int? = nil, isTerminal: Bool) {
        width = columns ?? TerminalSettings.measuredWidth(isTerminal: isTerminal)
        hasColor =
            switch color {
            case .always: true
            case .never: false
            case .auto: TerminalSettings.wantsColor(isTerminal: isTerminal)
            }
    }

    /// How many rows the terminal has; `nil` where that cannot be told.
    static var height: Int? {
        guard let size = size(), size.ws_row > 0 else { return nil }
        return Int(size.ws_row)
    }

    /// <https://no-color.org>: set and not empty means no colour. <https://bixense.com/clicolors>: forced means colour wherever
    /// it goes, unless there is to be none.
    private static func wantsColor(isTerminal: Bool) -> Bool {
        guard (Environment.value("NO_COLOR") ?? "").isEmpty else { return false }
        if let forced = Environment.value("CLICOLOR_FORCE"), !forced.isEmpty, forced != "0" { return true }
        return isTerminal && Environment.value("TERM") != "dumb"
    }

    private static func measuredWidth(isTerminal: Bool) -> Int {
        namedWidth ?? (isTerminal ? windowWidth : nil) ?? pipedWidth
    }

    /// The width that the environment names.
    static var namedWidth: Int? {
        Environment.value("COLUMNS").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    }

    /// How many columns the terminal at standard output has now.
    static var windowWidth: Int? {
        size().flatMap { $0.ws_col > 0 ? Int($0.ws_col) : nil }
    }

    private static func size() -> winsize? {
        var size = winsize()
        // Where output goes elsewhere, messages may go to a terminal.
        let isKnown = [STDOUT_FILENO, STDERR_FILENO].contains { ioctl($0, UInt(TIOCGWINSZ), &size) == 0 }
        return isKnown ? size : nil
    }
}
