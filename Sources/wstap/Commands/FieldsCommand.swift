import ArgumentParser
import TapFilters
import TapReports

/// `wstap fields`
struct FieldsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fields",
        abstract: "List what a display filter (-Y) can ask for.",
        discussion: """
            Examples:
              wstap fields
              wstap fields close
            """)

    @Argument(help: "Only fields that have this in their names or meanings, in any case.")
    var word: String?

    @OptionGroup var look: TerminalOptions

    @OptionGroup var paging: PagerOptions

    func run() throws {
        try Failure.translate {
            let fields = FilterField.allCases.map { field in
                (name: field.rawValue, type: field.type.name, meaning: field.meaning.filter { $0 != "`" })
            }.filter { field in
                guard let word = word?.lowercased() else { return true }
                return field.name.lowercased().contains(word) || field.meaning.lowercased().contains(word)
            }
            guard !fields.isEmpty else { throw ValidationError("no field has “\(word ?? "")” in its name or meaning") }
            var output = try Output(path: nil, pagedBy: paging.command)
            let terminal = look.settings(terminal: output.isTerminal)
            Catalogue(width: terminal.width, color: terminal.hasColor).fields(fields, to: &output.buffer)
            try output.finish()
        }
    }
}
