import Glibc

/// What the terminal at standard output can show.
struct TerminalSettings {
    let width: Int
    let hasColor: Bool

    /// The width that is used where output goes to no terminal.
    private static let pipedWidth = 160

    init(color: ColorChoice, isTerminal: Bool) {
        width = TerminalSettings.measuredWidth(isTerminal: isTerminal)
        hasColor =
            switch color {
            case .always: true
            case .never: false
            case .auto: isTerminal && TerminalSettings.wantsColor
            }
    }

    /// <https://no-color.org>: set and not empty means no colour.
    private static var wantsColor: Bool {
        (environment("NO_COLOR") ?? "").isEmpty && environment("TERM") != "dumb"
    }

    private static func measuredWidth(isTerminal: Bool) -> Int {
        if let columns = environment("COLUMNS").flatMap({ Int($0) }), columns > 0 { return columns }
        var size = winsize()
        guard isTerminal, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return pipedWidth
        }
        return Int(size.ws_col)
    }

    private static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
