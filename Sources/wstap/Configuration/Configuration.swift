import ArgumentParser
import TapCore

/// A user's defaults: arguments that stand before those that are typed, which so count more.
struct Configuration {
    private let path: String
    private let items: [(key: String, value: TOMLValue)]

    /// What the user's file says; `nil` if absent, or where the arguments name no command or ask for help only.
    init?(for arguments: [String]) throws(ConfigurationError) {
        guard let name = arguments.first, Configuration.commands[name] != nil,
            !arguments.contains("--help"), !arguments.contains("-h"), let file = try ConfigurationFile()
        else { return nil }
        path = file.path
        items = try file.items()
    }

    /// The arguments with the defaults of their command.
    func completed(_ arguments: [String]) throws(ConfigurationError) -> [String] {
        guard let name = arguments.first, let command = Configuration.commands[name] else { return arguments }
        do throws(ConfigurationError) {
            let defaults = try defaults(of: name, command)
            return [name] + defaults.filter { !Configuration.isReplaced($0, by: arguments) } + arguments.dropFirst()
        } catch {
            throw self.error(error.description)
        }
    }

    /// Whether what is typed stands in place of a default rather than beside it: formats and outputs go in pairs.
    private static func isReplaced(_ option: String, by arguments: [String]) -> Bool {
        func isTyped(_ names: [String]) -> Bool {
            arguments.contains { argument in
                names.contains { argument.hasPrefix($0.hasPrefix("--") ? "\($0)=" : $0) || argument == $0 }
            }
        }
        return option.hasPrefix("--to=") && isTyped(["--to"])
            || option.hasPrefix("--output=") && isTyped(["--output", "-o"])
            || option.hasPrefix("--filter=") && isTyped(["--filter", "-Y"])
    }

    /// What is wrong, with where.
    func error(_ description: String) -> ConfigurationError { ConfigurationError("\(path): \(description)") }

    private func defaults(
        of name: String, _ command: any ParsableCommand.Type
    ) throws(ConfigurationError) -> [String] {
        let own = CommandOptions(of: command).names
        var common: [String] = []
        var special: [String] = []
        for (key, value) in items {
            if case .table(let values) = value {
                guard Configuration.commands[key] != nil else {
                    let nearest = NameDistance.nearest(to: key, among: Configuration.commands.keys.sorted())
                    throw ConfigurationError(unknown: "command", key, nearest: nearest)
                }
                guard key == name else { continue }
                for (key, value) in values { special += try Configuration.arguments(key, value, of: own) }
            } else if own.contains(key) {
                common += try Configuration.arguments(key, value, of: own)
            } else if !Configuration.allOptions.contains(key) {
                throw ConfigurationError(
                    unknown: "option", key,
                    nearest: NameDistance.nearest(to: key, among: Configuration.allOptions.sorted()))
            }
        }
        return common + special
    }

    private static var commands: [String: any ParsableCommand.Type] {
        let named = Wstap.configuration.subcommands.compactMap { command in
            command.configuration.commandName.map { ($0, command) }
        }
        return Dictionary(named) { first, _ in first }
    }

    private static var allOptions: Set<String> {
        commands.values.reduce(into: []) { $0.formUnion(CommandOptions(of: $1).names) }
    }

    /// One default as it would be typed.
    private static func arguments(
        _ key: String, _ value: TOMLValue, of options: Set<String>
    ) throws(ConfigurationError) -> [String] {
        guard options.contains(key) else {
            throw ConfigurationError(
                unknown: "option", key, nearest: NameDistance.nearest(to: key, among: options.sorted()))
        }
        switch value {
        case .flag(true): return ["--\(key)"]
        case .flag(false): return options.contains("no-\(key)") ? ["--no-\(key)"] : []
        case .list(let values):
            var arguments: [String] = []
            for value in values { arguments.append("--\(key)=\(try text(value, of: key))") }
            return arguments
        case .text, .integer, .real, .table, .other: return ["--\(key)=\(try text(value, of: key))"]
        }
    }

    private static func text(
        _ value: TOMLValue, of key: String
    ) throws(ConfigurationError) -> String {
        switch value {
        case .text(let text): return text
        case .integer(let number): return "\(number)"
        case .real(let number): return "\(number)"
        case .flag, .list, .table, .other:
            throw ConfigurationError("“\(key)” is to be a text, a number, true or false, or a list of texts")
        }
    }
}

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
