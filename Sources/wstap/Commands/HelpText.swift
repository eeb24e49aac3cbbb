import ArgumentParser
import Glibc
import TapReports

/// The help of a command, with its own options first, and without its many limits, which have a page of their own.
enum HelpText {
    /// What a command's help begins each of its parts with.
    private struct Part {
        let title: Substring
        var lines: [Substring]
    }

    static func arranged(_ help: String) -> String {
        var parts = parts(of: help)
        if let limits = parts.firstIndex(where: { $0.title == limitsTitle }) {
            let count = parts[limits].lines.count { $0.hasPrefix("  --") }
            parts[limits].lines = [
                "\(limitsTitle):",
                "  --help-limits           Show the \(count) limits on memory and time, and set none.", "",
            ]
        }
        if let usage = parts.firstIndex(where: { $0.title == "USAGE" }) {
            let width = TerminalSettings(color: .never, isTerminal: isatty(STDOUT_FILENO) == 1).width
            parts[usage].lines = parts[usage].lines.flatMap { line in
                TerminalText.paragraph(String(line), width: width).split(
                    separator: "\n", omittingEmptySubsequences: false
                )
                .dropLast()
            }
        }
        if let options = parts.firstIndex(where: { $0.title == "OPTIONS" }) {
            let own = parts.remove(at: options)
            let place =
                parts.firstIndex { !["", "USAGE", "OVERVIEW", "ARGUMENTS"].contains($0.title) } ?? parts.endIndex
            parts.insert(own, at: place)
        }
        var text = parts.map { $0.lines.joined(separator: "\n") }.joined(separator: "\n")
        while text.hasSuffix("\n") { text.removeLast() }
        return text
    }

    /// The limits of a command; `nil` where they are not asked for.
    static func limits(for arguments: [String], of commands: [any ParsableCommand.Type]) -> String? {
        guard arguments.prefix(while: { $0 != "--" }).contains("--help-limits"),
            let command = commands.first(where: { $0.configuration.commandName == arguments.first })
        else { return nil }
        let limits = parts(of: Wstap.helpMessage(for: command)).first { $0.title == limitsTitle }
        return limits.map { $0.lines.joined(separator: "\n") }
    }

    private static let limitsTitle: Substring = "LIMITS"

    /// A part begins at a line in capitals with a colon behind.
    private static func parts(of help: String) -> [Part] {
        var parts = [Part(title: "", lines: [])]
        for line in help.split(separator: "\n", omittingEmptySubsequences: false) {
            let title = line.prefix { $0 != ":" }
            if !title.isEmpty, title.count < line.count, title.allSatisfy({ $0.isUppercase || $0 == " " }) {
                parts.append(Part(title: title, lines: []))
            }
            parts[parts.count - 1].lines.append(line)
        }
        return parts.filter { !$0.lines.isEmpty }
    }
}
