import ArgumentParser
import Glibc
import TapCore

@main
struct Wstap: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wstap",
        abstract: "Capture, decode and verify WebSocket traffic.",
        discussion: """
            Examples:
              wstap read traffic.pcap          every handshake and frame of a capture file
              sudo wstap live -i lo            the same for what passes an interface now
              wstap verify traffic.pcap        which handshakes are wrong, and why
              wstap export traffic.pcap --to csv -o frames.csv

            Exit codes:
              0   done
              1   findings (verify, live --fail-on), or a difference (compare)
              2   an input could not be read to its end
              3   not one WebSocket connection was found (verify)
              64  wrong usage
            """,
        version: "0.1.0",
        subcommands: [
            ReadCommand.self, LiveCommand.self, VerifyCommand.self, StatsCommand.self, FollowCommand.self,
            TopCommand.self, RunCommand.self, CompareCommand.self, ExportCommand.self, ShardCommand.self,
            MergeCommand.self, InterfacesCommand.self, ExplainCommand.self, FieldsCommand.self, ExtcapCommand.self,
        ])

    static func main() {
        // A reader that has gone is noticed by the write that fails.
        signal(SIGPIPE, SIG_IGN)
        // Wireshark starts what lies in its folder by its path, without a command.
        let isExtcap = CommandLine.arguments.first?.split(separator: "/").last ?? "" == ExtcapCommand.program
        let arguments = (isExtcap ? ["extcap"] : []) + CommandLine.arguments.dropFirst()
        // To ask the parser would take longer than all the rest.
        guard arguments != ["--version"], arguments != ["-V"] else { return print(configuration.version) }
        do {
            if let limits = HelpText.limits(for: arguments, of: configuration.subcommands) { return print(limits) }
            var command = try command(RedactionOptions.completed(typed: arguments))
            try command.run()
        } catch let error as ConfigurationError {
            StandardError.say(error.description)
            Glibc.exit(ExitCode.usage.rawValue)
        } catch {
            fail(error, arguments)
        }
    }

    /// What is asked for, with the user's defaults.
    private static func command(_ arguments: [String]) throws -> any ParsableCommand {
        if let command = configuration.subcommands.first(where: { $0.configuration.commandName == arguments.first }) {
            try RepeatedOptions.check(arguments, of: command)
        }
        guard let configuration = try Configuration(for: arguments) else { return try parsed(arguments) }
        let completed = RedactionOptions.completed(try configuration.completed(arguments))
        do { return try parsed(completed) } catch {
            // A mistake that was typed is told as one; any other is in the file.
            _ = try parseAsRoot(arguments)
            throw configuration.error(message(for: error))
        }
    }

    /// What the arguments say. Nearly always the first is a command and the others are right for it: then only that command
    /// is asked, which spares a tenth of the time to start. All else, as help and what is wrong, is told by the program as a
    /// whole.
    private static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
        guard let name = arguments.first,
            let type = configuration.subcommands.first(where: { $0.configuration.commandName == name }),
            let command = try? type.parseAsRoot(Array(arguments.dropFirst())), Swift.type(of: command) == type
        else {
            let isHelp = arguments.first == "help"
            if let problem = problem(withCommand: isHelp ? arguments.dropFirst().first : arguments.first) {
                throw ValidationError(problem)
            }
            return try parseAsRoot(arguments)
        }
        return command
    }

    /// What is wrong with the name of the command, where there is no such one.
    private static func problem(withCommand name: String?) -> String? {
        let names = configuration.subcommands.compactMap { $0.configuration.commandName }
        if name?.hasPrefix("-r") == true { return "to read a file: wstap read FILE" }
        if name?.hasPrefix("-i") == true { return "to capture: wstap live -i INTERFACE" }
        if name == "version" { return "there is no command “version”; the version: wstap --version" }
        guard let name, !name.hasPrefix("-"), !(names + ["help"]).contains(name) else { return nil }
        let nearest = NameDistance.nearest(to: name, among: names)
        let isPath = access(name, F_OK) == 0
        let hint = nearest.map { "did you mean \($0)?" } ?? (isPath ? "to read the file: wstap read \(name)" : nil)
        return "there is no command “\(name)”" + (hint.map { "; \($0)" } ?? "")
    }

    /// Ends the program. A wrong argument is quoted in the message, and may be the name of somebody else's file.
    private static func fail(_ error: any Error, _ arguments: [String]) -> Never {
        let code = exitCode(for: error)
        let message = fullMessage(for: error)
        guard !code.isSuccess else {
            if !message.isEmpty { print(HelpText.arranged(message)) }
            Glibc.exit(code.rawValue)
        }
        if !message.isEmpty {
            StandardError.say(UsageMessage.text(self.message(for: error)))
            let name = arguments.first == "help" ? nil : arguments.first
            let known = configuration.subcommands.contains { $0.configuration.commandName == name }
            StandardError.write(lines: "  “wstap help\(known ? " \(name ?? "")" : "")” says what can be given")
        }
        Glibc.exit(code.rawValue)
    }
}
