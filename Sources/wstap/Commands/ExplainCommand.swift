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
              wstap explain tls
            """)

    @Argument(
        help: """
            The finding's name, as reports show it; tls says where keys come from. Without it, all findings are listed.
            """,
        completion: .list(FindingID.allCases.map(\.rawValue) + [ExplainCommand.tls]))
    var finding: String?

    private static let tls = "tls"

    @OptionGroup var look: TerminalOptions

    @OptionGroup var paging: PagerOptions

    func run() throws {
        try Failure.translate {
            var output = try Output(path: nil, pagedBy: paging.command)
            let terminal = look.settings(terminal: output.isTerminal)
            let catalogue = Catalogue(width: terminal.width, color: terminal.hasColor)
            if finding == ExplainCommand.tls {
                catalogue.explainTLS(to: &output.buffer)
            } else if let finding {
                catalogue.explain(try FindingName.parse(finding), to: &output.buffer)
            } else {
                catalogue.list(to: &output.buffer)
            }
            try output.finish()
        }
    }
}
