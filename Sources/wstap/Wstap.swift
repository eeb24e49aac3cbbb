import ArgumentParser
import Glibc

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

            Exit codes: 0 done, 1 findings (verify), 2 an input could not be read to its end, 64 wrong usage.
            """,
        version: "0.1.0",
        subcommands: [
            ReadCommand.self, LiveCommand.self, VerifyCommand.self, StatsCommand.self, FollowCommand.self,
            TopCommand.self, ExportCommand.self, InterfacesCommand.self, ExplainCommand.self,
        ])

    static func main() {
        // A reader that has gone is noticed by the write that fails.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try command(RedactionOptions.completed(Array(CommandLine.arguments.dropFirst())))
            try command.run()
        } catch let error as ConfigurationError {
            StandardError.say(error.description)
            Glibc.exit(ExitCode.usage.rawValue)
        } catch {
            fail(error)
        }
    }

    /// What is asked for, with the user's defaults.
    private static func command(_ arguments: [String]) throws -> any ParsableCommand {
        guard let configuration = try Configuration(for: arguments) else { return try parseAsRoot(arguments) }
        let completed = try configuration.completed(arguments)
        do { return try parseAsRoot(completed) } catch {
            // A mistake that was typed is told as one; any other is in the file.
            _ = try parseAsRoot(arguments)
            throw configuration.error(message(for: error))
        }
    }

    /// Ends the program. A wrong argument is quoted in the message, and may be the name of somebody else's file.
    private static func fail(_ error: any Error) -> Never {
        let code = exitCode(for: error)
        guard !code.isSuccess else { exit(withError: error) }
        let message = fullMessage(for: error)
        if !message.isEmpty { StandardError.write(lines: message) }
        Glibc.exit(code.rawValue)
    }
}
