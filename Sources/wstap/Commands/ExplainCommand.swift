import ArgumentParser
import TapReports
import TapWebSocket

/// `wstap explain`
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain a finding: what it means, which rule it is, what to do about it.",
        discussion: """
            Examples:
              wstap explain
              wstap explain response-accept-wrong
            """)

    @Argument(help: "The finding's name, as reports show it; without it, all findings are listed.")
    var finding: String?

    func run() throws {
        try Failure.translate {
            var output = try Output(path: nil)
            output.buffer += (try finding.map(explanation) ?? list).utf8
            try output.flush()
        }
    }

    private var list: String {
        let width = FindingID.allCases.map(\.rawValue.count).max() ?? 0
        return FindingID.allCases.map { id in
            let padding = String(repeating: " ", count: width - id.rawValue.count)
            let severity = id.severity.rawValue.padding(to: 7)
            return "\(id.rawValue)\(padding)  \(severity)  \(id.meaning)\n"
        }.joined()
    }

    private func explanation(of name: String) throws -> String {
        guard let id = FindingID(rawValue: name) else {
            let near = FindingID.allCases.map(\.rawValue).filter { $0.contains(name) || name.contains($0) }
            let hint = near.isEmpty ? "`wstap explain` lists them all" : "did you mean \(near.joined(separator: ", "))?"
            throw ValidationError("there is no finding “\(TerminalText.escape(name))”; \(hint)")
        }
        return "\(id.rawValue): \(id.meaning)\n\(id.severity.rawValue), \(id.reference)\n\n\(wrapped(id.explanation))\n"
    }

    private func wrapped(_ text: String) -> String {
        var lines = [""]
        for word in text.split(separator: " ") {
            if let last = lines.last, !last.isEmpty {
                if last.count + word.count + 1 > 78 {
                    lines.append(String(word))
                } else {
                    lines[lines.count - 1] += " \(word)"
                }
            } else {
                lines[lines.count - 1] = String(word)
            }
        }
        return lines.joined(separator: "\n")
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
