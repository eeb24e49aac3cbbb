import ArgumentParser
import TapRedaction

/// What is taken out of everything that is written.
struct RedactionOptions: ParsableArguments {
    /// Words with commas between them.
    struct Choice: ExpressibleByArgument {
        enum Part: String, CaseIterable {
            case secrets, payload, addresses, none
        }

        static let allValueStrings = Part.allCases.map(\.rawValue)

        let parts: Set<Part>

        init?(argument: String) {
            let words = argument.split(separator: ",", omittingEmptySubsequences: false)
            let parts = Set(words.compactMap { Part(rawValue: String($0)) })
            guard parts.count == words.count, parts.count == 1 || !parts.contains(.none) else { return nil }
            self.parts = parts
        }
    }

    @Option(
        help: ArgumentHelp(
            """
            Take out secrets: credentials, cookies, whatever has the name of one, tokens of known forms. With “payload” all \
            payloads as well, with “addresses” other addresses stand for those of the capture; commas join them. Lengths stay. \
            Alone it means “secrets”; “none” takes nothing out.
            """,
            valueName: "what"))
    var redact: Choice?

    @Option(
        help: ArgumentHelp(
            "With --redact: take out what has this name as well, as in customer-number; may be repeated.",
            valueName: "name"))
    var redactName: [String] = []

    /// Whether anything is to be taken out.
    var isOn: Bool { redact.map { !$0.parts.contains(.none) } ?? false }

    /// Whether other addresses stand in place of those of the capture.
    var hidesAddresses: Bool { isOn && redact?.parts.contains(.addresses) == true }

    var redaction: Redaction? {
        guard isOn, let parts = redact?.parts else { return nil }
        var options = Redaction.Options()
        options.scope = parts.contains(.payload) ? .payloads : .secrets
        options.hidesAddresses = parts.contains(.addresses)
        options.names = redactName
        return Redaction(options)
    }

    /// The arguments with the word that `--redact` may go without, since what follows it is mostly a file.
    static func completed(_ arguments: [String]) -> [String] {
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        return arguments.indices.map { index in
            let next = index + 1 < end ? Choice(argument: arguments[index + 1]) : nil
            return index < end && arguments[index] == "--redact" && next == nil ? "--redact=secrets" : arguments[index]
        }
    }

    /// The arguments of a user, for whom a name of a secret alone means `--redact`.
    static func completed(typed arguments: [String]) -> [String] {
        func isTyped(_ name: String) -> Bool { arguments.contains { $0 == name || $0.hasPrefix("\(name)=") } }
        guard isTyped("--redact-name"), !isTyped("--redact"), let command = arguments.first else {
            return completed(arguments)
        }
        return completed([command, "--redact=secrets"] + arguments.dropFirst())
    }
}
