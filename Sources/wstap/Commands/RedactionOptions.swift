import ArgumentParser
import TapRedaction

/// What is taken out of everything that is written.
struct RedactionOptions: ParsableArguments {
    enum Choice: String, ExpressibleByArgument, CaseIterable {
        case secrets, payload
    }

    @Option(
        help: ArgumentHelp(
            """
            Take out credentials, cookies, tokens and JSON Web Tokens; with “payload” all payloads as well. Lengths \
            stay. Alone it means “secrets”.
            """,
            valueName: "what"))
    var redact: Choice?

    var redaction: Redaction? {
        switch redact {
        case nil: nil
        case .secrets: Redaction(.secrets)
        case .payload: Redaction(.payloads)
        }
    }

    /// The arguments with the word that `--redact` may go without: what follows it is mostly a file.
    static func completed(_ arguments: [String]) -> [String] {
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        return arguments.indices.map { index in
            let next = index + 1 < end ? Choice(rawValue: arguments[index + 1]) : nil
            return index < end && arguments[index] == "--redact" && next == nil ? "--redact=secrets" : arguments[index]
        }
    }
}
