import ArgumentParser

/// How what is written for people looks.
struct TerminalOptions: ParsableArguments {
    @Option(help: "Colours; NO_COLOR and CLICOLOR_FORCE are honoured.")
    var color = ColorChoice.auto

    @Option(
        help: ArgumentHelp(
            "The width of the output in columns (default: COLUMNS, else the terminal's width, else \(TerminalSettings.pipedWidth)).",
            valueName: "count"))
    var columns: Int?

    func validate() throws {
        if let columns, columns < TerminalSettings.narrowest {
            throw ValidationError("--columns is \(TerminalSettings.narrowest) at least")
        }
    }

    /// Whether the width is that of the terminal, whatever becomes of it.
    var followsWindow: Bool { columns == nil && TerminalSettings.namedWidth == nil }

    /// What can be shown.
    func settings(terminal isTerminal: Bool) -> TerminalSettings {
        TerminalSettings(color: color, columns: columns, isTerminal: isTerminal)
    }
}

enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never
}
