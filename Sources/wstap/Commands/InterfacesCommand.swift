import ArgumentParser
import TapReports
import TapSources

/// `wstap interfaces`
struct InterfacesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "interfaces",
        abstract: "List the interfaces, and whether this user may capture on them.",
        discussion: """
            Example:
              wstap interfaces
            """)

    /// The names that there are, for the shell.
    static let completion = CompletionKind.shellCommand(
        "wstap interfaces 2>/dev/null | sed -n '2,$p' | grep -o '^[^ ][^ ]*'")

    func run() throws {
        try Failure.translate {
            var output = try Output(path: nil)
            let interfaces = try NetworkInterface.all()
            // Whoever may make an interface chooses its name.
            let names = interfaces.map { TerminalText.escape($0.name) } + ["INTERFACE"]
            let states = interfaces.map(\.state) + ["STATE"]
            let nameWidth = (names.map(\.count).max() ?? 0) + 2
            let stateWidth = (states.map(\.count).max() ?? 0) + 2
            let column = nameWidth + stateWidth + 9
            let room = TerminalSettings(color: .never, columns: nil, isTerminal: output.isTerminal).width - column
            let row = { (name: String, state: String, capture: String, words: [Substring]) in
                let lines = InterfacesCommand.lines(of: words, upTo: room)
                return name.padded(to: nameWidth) + state.padded(to: stateWidth) + capture.padded(to: 9)
                    + lines.joined(separator: "\n" + String(repeating: " ", count: column)) + "\n"
            }
            output.buffer += row("INTERFACE", "STATE", "CAPTURE", ["ADDRESSES"]).utf8
            var obstacle: CaptureError?
            for (name, interface) in zip(names, interfaces) {
                let found = interface.captureObstacle()
                if interface.flags.contains(.up) { obstacle = obstacle ?? found }
                let addresses =
                    interface.addresses.isEmpty
                    ? TerminalText.escape(interface.description ?? "") : interface.addresses.joined(separator: ", ")
                let words = addresses.split(separator: " ")
                output.buffer += row(name, interface.state, found == nil ? "yes" : "no", words).utf8
            }
            try output.flush()
            if let obstacle { StandardError.say(obstacle.description) }
        }
    }

    /// Words in as many lines as they need; a word that is longer than a line has one for itself.
    private static func lines(of words: [Substring], upTo room: Int) -> [String] {
        words.reduce(into: [""]) { lines, word in
            let last = lines[lines.count - 1]
            if last.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if last.count + 1 + word.count <= room {
                lines[lines.count - 1] += " \(word)"
            } else {
                lines.append(String(word))
            }
        }
    }
}

extension NetworkInterface {
    fileprivate var state: String {
        var words: [String] = [flags.contains(.up) ? "up" : "down"]
        if flags.contains(.up), !flags.contains(.running) { words.append("not running") }
        if flags.contains(.loopback) { words.append("loopback") }
        if flags.contains(.wireless) { words.append("wireless") }
        return words.joined(separator: ", ")
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - count))
    }
}
