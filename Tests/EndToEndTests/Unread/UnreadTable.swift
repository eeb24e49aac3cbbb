import Foundation
import Testing

/// The table of docs/output.md that says what `verify` makes of captures of which not all can be read.
struct UnreadTable {
    struct Row: CustomTestStringConvertible, Sendable {
        /// The capture's name.
        let testDescription: String
        let status: Int32
        /// What is printed, one line of the report each.
        let lines: [String]
    }

    /// None where the page cannot be read, so count them.
    static let rows: [Row] = {
        let page = Wstap.project.appendingPathComponent("docs/output.md")
        let text = (try? String(contentsOf: page, encoding: .utf8)) ?? ""
        let parts = text.components(separatedBy: "\n| capture | exit code | `verify` says |\n")
        return parts.dropFirst().flatMap { $0.components(separatedBy: "\n\n")[0].split(separator: "\n") }
            .compactMap { Row($0.description) }
    }()
}

extension UnreadTable.Row {
    fileprivate init?(_ line: String) {
        let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        guard cells.count == 3, let status = Int32(cells[1]) else { return nil }
        testDescription = cells[0]
        self.status = status
        lines = cells[2].components(separatedBy: "`").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    }
}
