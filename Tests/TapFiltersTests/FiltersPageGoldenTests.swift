import Foundation
import TapFilters
import TapTestSupport
import Testing

/// The table of fields in the documentation against the catalogue; `make golden` writes it anew, and then fails once.
@Suite("docs/filters.md")
struct FiltersPageGoldenTests {
    private static let file = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("docs/filters.md")

    private static let header = "| field | is | of | meaning |\n| --- | --- | --- | --- |\n"

    private static var rows: String {
        FilterField.allCases.map { field in
            let kinds = RecordKind.allCases.filter(field.kinds.contains).map(\.rawValue).joined(separator: ", ")
            let of = field.kinds.isEmpty ? "all of a connection" : kinds
            return "| `\(field.rawValue)` | \(names(of: field)) | \(of) | \(field.meaning) |\n"
        }.joined()
    }

    /// A type, with its names where they are few and not listed elsewhere.
    private static func names(of field: FilterField) -> String {
        guard case .name(let names, _) = field.type, names.count <= 9 else { return field.type.name }
        return names.map { "`\($0)`" }.joined(separator: ", ")
    }

    @Test("lists every field as the catalogue has it")
    func fields() throws {
        let page = try String(contentsOf: FiltersPageGoldenTests.file, encoding: .utf8)
        let parts = page.components(separatedBy: FiltersPageGoldenTests.header)
        try #require(parts.count == 2)
        // What follows the table, from the empty line on.
        let lines = parts[1].split(separator: "\n", omittingEmptySubsequences: false).drop { $0.hasPrefix("|") }
        let made =
            parts[0] + FiltersPageGoldenTests.header + FiltersPageGoldenTests.rows + lines.joined(separator: "\n")
        if ProcessInfo.processInfo.environment["WSTAP_REWRITE_GOLDEN"] == "1" {
            try Data(made.utf8).write(to: FiltersPageGoldenTests.file)
            Issue.record("docs/filters.md was rewritten")
            return
        }
        #expect(Difference.first(expected: page, found: made) == nil)
    }
}
