import Foundation
import TapTestSupport
import TapWebSocket
import Testing

/// The page of findings against the catalogue that it is made from; `make golden` writes it anew, and then fails once.
@Suite("docs/findings.md")
struct FindingsPageGoldenTests {
    private static let project = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func made() throws -> FindingsPage {
        struct Expected: Decodable {
            struct Finding: Decodable { let id: String }
            let findings: [Finding]
            let tshark: String
        }
        let file = project.appendingPathComponent("samples/conformance/expected.json")
        let captures = try JSONDecoder().decode([String: Expected].self, from: Data(contentsOf: file))
        return FindingsPage(
            captures: captures.sorted { $0.key < $1.key }.map { name, expected in
                FindingsPage.Capture(file: name, findings: Set(expected.findings.map(\.id)), tshark: expected.tshark)
            })
    }

    @Test("is what the catalogue says")
    func page() throws {
        let file = FindingsPageGoldenTests.project.appendingPathComponent("docs/findings.md")
        let page = try FindingsPageGoldenTests.made().text
        if ProcessInfo.processInfo.environment["WSTAP_REWRITE_GOLDEN"] == "1" {
            try Data(page.utf8).write(to: file)
            Issue.record("docs/findings.md was rewritten")
            return
        }
        let committed = try String(contentsOf: file, encoding: .utf8)
        #expect(Difference.first(expected: committed, found: page) == nil)
    }

    @Test("shows a capture for every finding")
    func captures() throws { #expect(try FindingsPageGoldenTests.made().missing == []) }
}
