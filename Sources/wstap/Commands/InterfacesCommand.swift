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
    static let completion = CompletionKind.shellCommand("wstap interfaces 2>/dev/null | sed -n '2,$s/  .*//p'")

    func run() throws {
        try Failure.translate {
            var output = try Output(path: nil)
            let interfaces = try NetworkInterface.all()
            // Whoever may make an interface chooses its name.
            let names = interfaces.map { TerminalText.escape($0.name) } + ["INTERFACE"]
            let states = interfaces.map(\.state) + ["STATE"]
            let nameWidth = (names.map(\.count).max() ?? 0) + 2
            let stateWidth = (states.map(\.count).max() ?? 0) + 2
            let row = { (name: String, state: String, capture: String, addresses: String) in
                name.padded(to: nameWidth) + state.padded(to: stateWidth) + capture.padded(to: 9) + addresses + "\n"
            }
            output.buffer += row("INTERFACE", "STATE", "CAPTURE", "ADDRESSES").utf8
            var obstacle: CaptureError?
            for (name, interface) in zip(names, interfaces) {
                let found = interface.captureObstacle()
                if interface.flags.contains(.up) { obstacle = obstacle ?? found }
                let addresses =
                    interface.addresses.isEmpty
                    ? TerminalText.escape(interface.description ?? "") : interface.addresses.joined(separator: ", ")
                output.buffer += row(name, interface.state, found == nil ? "yes" : "no", addresses).utf8
            }
            try output.flush()
            if let obstacle { StandardError.say(obstacle.description) }
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
