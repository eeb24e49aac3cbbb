import TapWebSocket

/// What `wstap explain` says: every finding that there is, by family, or one of them with all that is known of it.
public struct Catalogue {
    /// Longer lines are hard to read.
    private static let longestLine = 78
    private static let severityWidth = 9
    private let style: TableStyle
    private let textStyle: TableStyle

    /// - Parameter width: columns of the terminal.
    public init(width: Int = 120, color: Bool = false) {
        style = TableStyle(width: width, hasColor: color)
        textStyle = TableStyle(width: min(width, Catalogue.longestLine), hasColor: color)
    }

    /// A line for each finding, below a heading for each family. A line that begins with a letter is a finding's.
    public func list(to output: inout [UInt8]) {
        let severityColumn = (FindingID.allCases.map(\.rawValue.utf8.count).max() ?? 0) + 2
        TerminalWriter.append(to: &output, style) { writer in
            for family in FindingFamily.allCases {
                if family != FindingFamily.allCases.first { writer.endLine() }
                writer.write("# \(family.rawValue): \(family.title)", .strong)
                writer.endLine()
                for id in family.findings {
                    writer.write(id.rawValue)
                    writer.pad(to: severityColumn)
                    writer.write(id.severity.rawValue, id.severity.mark.ink)
                    let column = severityColumn + Catalogue.severityWidth
                    // Where the meaning finds no room beside the name, it goes below.
                    if column + 30 > style.width { writer.endLine() }
                    let start = column + 30 > style.width ? 4 : column
                    writer.pad(to: start)
                    write(id.meaning, from: start, &writer)
                }
            }
        }
    }

    /// What a filter can ask for, a row each: its name, what its values are, and what it means.
    public func fields(_ fields: [(name: String, type: String, meaning: String)], to output: inout [UInt8]) {
        let typeColumn = (fields.map(\.name.utf8.count).max() ?? 0) + 2
        let meaningColumn = typeColumn + (fields.map(\.type.utf8.count).max() ?? 0) + 2
        TerminalWriter.append(to: &output, style) { writer in
            for field in fields {
                writer.write(field.name)
                writer.pad(to: typeColumn)
                writer.write(field.type, .faint)
                // Where the meaning finds no room beside the type, it goes below.
                let isBelow = meaningColumn + 30 > style.width
                if isBelow { writer.endLine() }
                let start = isBelow ? 4 : meaningColumn
                writer.pad(to: start)
                write(field.meaning, from: start, &writer)
            }
        }
    }

    /// Name, meaning, severity, rule, and the paragraph that explains it.
    public func explain(_ id: FindingID, to output: inout [UInt8]) {
        TerminalWriter.append(to: &output, style) { writer in
            writer.write(id.rawValue, .strong)
            writer.write(": ")
            write(id.meaning, from: 0, &writer)
            writer.write(id.severity.rawValue, id.severity.mark.ink)
            writer.write(", \(id.reference)")
            writer.endLine()
            writer.endLine()
        }
        TerminalWriter.append(to: &output, textStyle) { writer in write(id.explanation, from: 0, &writer) }
    }

    /// A heading, behind an empty line.
    func heading(_ text: String, to output: inout [UInt8]) {
        TerminalWriter.append(to: &output, style) { writer in
            writer.endLine()
            writer.write(text, .strong)
            writer.endLine()
        }
    }

    func paragraph(_ text: String, to output: inout [UInt8]) {
        TerminalWriter.append(to: &output, textStyle) { writer in write(text, from: 0, &writer) }
    }

    /// Lines that a user copies: never broken.
    func commands(_ lines: [String], to output: inout [UInt8]) {
        for line in lines { output += "    \(line)\n".utf8 }
    }

    /// Writes words up to the end of a line, and on as many more as they need.
    private func write(_ text: String, from column: Int, _ writer: inout TerminalWriter) {
        let words = text.split(separator: " ").map { Piece(String($0)) }
        writer.flow(words, separator: Piece(" "), limit: .max) { writer in writer.skip(column) }
        writer.endLine()
    }
}
