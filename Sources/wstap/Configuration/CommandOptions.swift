import ArgumentParser

/// The long options that a command has, as its help names them.
struct CommandOptions {
    let names: Set<String>

    init(of command: any ParsableCommand.Type) {
        let lines = Wstap.helpMessage(for: command, columns: 1_000).split(separator: "\n")
        // What an option is about stands two spaces after its names: “-f, --filter <text>”, “--pager/--no-pager”.
        let words = lines.filter { $0.hasPrefix("  -") }.flatMap { line in
            let named = line.dropFirst(2).split(separator: "  ", maxSplits: 1).first ?? ""
            return named.prefix { $0 != "<" }.split(whereSeparator: CommandOptions.isBetweenNames)
        }
        names = Set(words.filter { $0.hasPrefix("--") }.map { String($0.dropFirst(2)) }).subtracting([
            "help", "version",
        ])
    }

    private static func isBetweenNames(_ character: Character) -> Bool {
        character == "," || character == "/" || character == " "
    }
}
