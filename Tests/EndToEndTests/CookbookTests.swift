import Foundation
import Testing

/// What the cookbook shows is what its commands print.
@Suite("The cookbook")
struct CookbookTests {
    static let page = "docs/cookbook.md"
    static let blocks = DocumentedBlock.all(in: page)

    @Test("prints what its commands print", arguments: blocks.filter { !LivePageTests.elsewhere.contains($0.program) })
    func block(_ block: DocumentedBlock) throws { try block.check() }

    @Test("answers each of its questions by one command, and lists them all")
    func questions() throws {
        let text = try String(contentsOf: Wstap.project.appendingPathComponent(CookbookTests.page), encoding: .utf8)
        let lines = text.components(separatedBy: "\n")
        let questions = lines.filter { $0.hasPrefix("### ") }.map { $0.dropFirst(4) }
        #expect(questions.count == 47)
        #expect(CookbookTests.blocks.map(\.commands.count) == questions.map { _ in 1 })
        #expect(lines.filter { $0.hasPrefix("- [") } == questions.map { "- [\($0)](#\(anchor(of: $0)))" })
    }

    /// The name that a page's reader gives a heading: small letters, hyphens for spaces, and no other signs but hyphens.
    private func anchor(of heading: some StringProtocol) -> String {
        heading.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == " " }.replacing(" ", with: "-")
    }
}
