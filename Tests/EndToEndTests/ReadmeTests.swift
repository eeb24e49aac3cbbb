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

    @Test("prints what its commands print", arguments: blocks)
    func block(_ block: DocumentedBlock) throws { try block.check(elsewhere: ReadmeTests.elsewhere) }
}
