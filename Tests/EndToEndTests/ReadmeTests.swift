import Foundation
import Testing

/// What the README shows is what its commands print.
@Suite("The README")
struct ReadmeTests {
    /// What needs an interface, another machine or minutes; the questions to a database have a test of their own.
    static let elsewhere: Set = ["sudo", "ssh", "Benchmarks/compare", "sqlite3"]

    static let blocks = DocumentedBlock.all(in: "README.md").filter { block in
        block.commands.contains { !elsewhere.contains($0.program) }
    }

    @Test("there are examples to check")
    func hasExamples() {
        let commands = ReadmeTests.blocks.flatMap(\.commands).filter { !ReadmeTests.elsewhere.contains($0.program) }
        #expect(commands.count >= 12)
    }

    @Test("has the numbers of captures that the pages about them have")
    func numbers() throws {
        let page = { (name: String) in
            try String(contentsOf: Wstap.project.appendingPathComponent(name), encoding: .utf8)
        }
        let readme = try page("README.md")
        let rows =
            try page("docs/findings.md").components(separatedBy: "## What tshark says").last?
            .split(separator: "\n").filter { $0.hasPrefix("| `") } ?? []
        let silent = rows.count { $0.hasSuffix("| silent |") }
        #expect(readme.contains("silent on \(silent) of our [\(rows.count) captures](docs/findings.md)"))
        let hard = try #require(try page("docs/robustness.md").firstMatch(of: /Each of these (\d+) captures/)?.output.1)
        let same = try #require(
            try page("docs/robustness.md").firstMatch(of: /the same frames for (\d+) of them/)?.output.1)
        #expect(readme.contains("[\(hard) hard captures](docs/robustness.md)"))
        #expect(readme.contains("the same frames for \(same) |"))
        let captures = Wstap.samples(in: "tls").count
        #expect(readme.contains("[\(captures) captures of TLS](samples/tls/README.md)"))
    }

    @Test("prints what its commands print", arguments: blocks)
    func block(_ block: DocumentedBlock) throws { try block.check(elsewhere: ReadmeTests.elsewhere) }
}
