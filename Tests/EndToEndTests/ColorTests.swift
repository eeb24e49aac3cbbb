import Testing

@Suite("Colours")
struct ColorTests {
    struct Case: CustomTestStringConvertible {
        let environment: [String: String]
        var options: [String] = []
        let isColored: Bool
        var testDescription: String { "\(environment) \(options)" }
    }

    static let cases: [Case] = [
        Case(environment: [:], isColored: false),
        Case(environment: ["CLICOLOR_FORCE": "1"], isColored: true),
        Case(environment: ["CLICOLOR_FORCE": "1", "TERM": "dumb"], isColored: true),
        Case(environment: ["CLICOLOR_FORCE": "0"], isColored: false),
        Case(environment: ["CLICOLOR_FORCE": ""], isColored: false),
        Case(environment: ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], isColored: false),
        Case(environment: ["CLICOLOR_FORCE": "1", "NO_COLOR": ""], isColored: true),
        Case(environment: ["CLICOLOR_FORCE": "1"], options: ["--color", "never"], isColored: false),
        Case(environment: ["NO_COLOR": "1"], options: ["--color", "always"], isColored: true),
    ]

    @Test("for a pipe they are there where the environment forces them, unless something says never", arguments: cases)
    func pipe(_ row: Case) throws {
        let environment = ["NO_COLOR": "", "CLICOLOR_FORCE": ""].merging(row.environment) { $1 }
        for view in [["read"], ["verify"], ["stats"], ["follow"], ["explain"]] {
            let input = view == ["explain"] ? [] : [Wstap.sample("chat.pcap")]
            let result = try Wstap.run(view + row.options + input, environment: environment)
            #expect(result.output.contains("\u{1B}[") == row.isColored, "\(view)")
        }
    }

    @Test("records never have any")
    func records() throws {
        let arguments = ["read", "--format", "ndjson", Wstap.sample("chat.pcap")]
        #expect(try !Wstap.run(arguments, environment: ["CLICOLOR_FORCE": "1"]).output.contains("\u{1B}"))
    }
}
