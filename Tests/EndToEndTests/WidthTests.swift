import TapReports
import Testing

@Suite("How wide the text is")
struct WidthTests {
    private static func widths(_ arguments: [String], columns: String = "") throws -> [Int] {
        let result = try Wstap.run(arguments, environment: ["COLUMNS": columns])
        #expect(result.status == 0, "\(result.errors)")
        return result.output.split(separator: "\n").map { line in
            line.unicodeScalars.reduce(0) { $0 + TerminalWidth.cells($1) }
        }
    }

    @Test("--columns counts more than COLUMNS, in every view", arguments: [["read"], ["stats"], ["follow"]])
    func asked(view: [String]) throws {
        let arguments = view + [Wstap.sample("chat.pcap")]
        let (narrow, wide) = try (
            Self.widths(arguments + ["--columns", "80"], columns: "200"), Self.widths(arguments, columns: "200")
        )
        #expect(narrow.allSatisfy { $0 <= 80 } && wide.contains { $0 > 80 })
        #expect(try Self.widths(arguments, columns: "80") == narrow)
    }

    @Test("less than 20 is refused", arguments: ["19", "0", "-1", "wide"])
    func refused(count: String) throws {
        let result = try Wstap.run(["read", "--columns", count, Wstap.sample("chat.pcap")])
        #expect(result.status == 64 && result.errors.contains("columns") && result.output.isEmpty)
    }
}
