import Foundation
import Testing

/// Results on a terminal of 24 rows, as `Tests/Peers/pager.py` sees it.
@Suite("What is shown page by page")
struct PagerTests {
    private struct Facts {
        let output: String
        let status: Int
        /// Whether the program was still there at each key.
        let wasAlive: [Bool]
        let tookKeys: Bool
    }

    /// A pager that shows that it is one, and everything.
    private static let marking = "echo PAGED; cat"

    private func facts(
        _ arguments: [String], pager: String?, keys: [String] = [], environment: [String: String] = [:]
    ) throws -> Facts {
        let script = Wstap.project.appendingPathComponent("Tests/Peers/pager.py").path
        // What the machine around the tests has set must not matter.
        let unset = ["-u", "NO_COLOR", "-u", "LESS", "-u", "COLUMNS", "-u", "WSTAP_PAGER", "-u", "PAGER"]
        let variables = ["TERM": "xterm", "PAGER": pager].compactMapValues { $0 }.merging(environment) { $1 }
        let result = try Wstap.run(
            "/usr/bin/env",
            unset + variables.map { "\($0)=\($1)" } + ["/usr/bin/python3", script] + keys + ["--", Wstap.binary.path]
                + arguments)
        try #require(result.status == 0, "\(result.errors)")
        let facts = try #require(try JSONSerialization.jsonObject(with: result.outputBytes) as? [String: Any])
        return Facts(
            output: try #require(facts["output"] as? String), status: try #require(facts["status"] as? Int),
            wasAlive: try #require(facts["alive_when_pressed"] as? [Bool]),
            tookKeys: try #require(facts["took_keys"] as? Bool))
    }

    /// Each is longer than 24 rows.
    static let views: [(arguments: [String], status: Int)] = [
        (["read", Wstap.sample("chat.pcap")], 0),
        (["verify", Wstap.sample("wrong-accept.pcap"), Wstap.sample("nginx-errors.pcap")], 1),
        (["stats", Wstap.sample("twenty.pcap")], 0), (["explain"], 0),
        (["follow", "--connection", "1", Wstap.sample("chat.pcap")], 0),
    ]

    @Test("what is longer than the terminal is, with the same text and the same exit code", arguments: views)
    func long(_ view: (arguments: [String], status: Int)) throws {
        let paged = try facts(view.arguments, pager: PagerTests.marking)
        let plain = try facts(view.arguments + ["--no-pager"], pager: PagerTests.marking)
        #expect(!plain.output.contains("PAGED") && plain.output.count { $0 == "\n" } > 24)
        // Before the first line stands the one with which the terminal was told that it has its size.
        #expect(paged.output.drop { $0 == "\n" } == "PAGED\n" + plain.output.drop { $0 == "\n" })
        #expect(paged.status == view.status && plain.status == view.status)
    }

    @Test(
        "what fits on it, records, and what nobody wants paged are not",
        arguments: [
            (["read", "--events", "summary", Wstap.sample("chat.pcap")], PagerTests.marking, [:]),
            (["explain", "close-missing"], PagerTests.marking, [:]),
            (["read", "--format", "ndjson", Wstap.sample("chat.pcap")], PagerTests.marking, [:]),
            (["interfaces"], PagerTests.marking, [:]), (["explain"], "cat", [:]), (["explain"], "", [:]),
            (["explain"], PagerTests.marking, ["TERM": "dumb"]),
        ])
    func short(_ arguments: [String], pager: String, environment: [String: String]) throws {
        let facts = try facts(arguments, pager: pager, environment: environment)
        #expect(!facts.output.contains("PAGED") && facts.output.count > 100 && facts.status == 0)
    }

    @Test("WSTAP_PAGER counts more than PAGER, and neither is asked for a pipe")
    func choice() throws {
        let environment = ["WSTAP_PAGER": "echo OURS; cat", "PAGER": PagerTests.marking, "TERM": "xterm"]
        let script = Wstap.project.appendingPathComponent("Tests/Peers/pager.py").path
        let terminal = try Wstap.run(
            "/usr/bin/python3", [script, "--", Wstap.binary.path, "explain"], environment: environment)
        #expect(terminal.output.contains("OURS") && !terminal.output.contains("PAGED"))
        let pipe = try Wstap.run(["explain"], environment: environment)
        #expect(!pipe.output.contains("OURS") && pipe.output.count > 1_000)
    }

    @Test("a live view never is")
    func live() throws {
        for command in ["live", "top"] {
            #expect(try !Wstap.run([command, "--help"]).output.contains("pager"))
        }
    }

    @Test("on a terminal, and nowhere else, the first finding says where it is explained")
    func hint() throws {
        let arguments = ["read", Wstap.sample("wrong-accept.pcap")]
        let hint = "wstap explain response-accept-wrong"
        #expect(try facts(arguments, pager: "cat").output.components(separatedBy: hint).count == 2)
        #expect(try !facts(arguments + ["-q"], pager: "cat").output.contains(hint))
        #expect(try !Wstap.run(arguments).output.contains(hint))
    }

    @Test(
        "a pager that ends early is a quiet end, however much was to come",
        arguments: ["head -n 1", "true", "no-such-program-as-this 2>/dev/null"])
    func early(pager: String) throws {
        let folder = try TemporaryFolder()
        let chat = try Data(contentsOf: URL(fileURLWithPath: Wstap.sample("chat.pcap")))
        let files = try (0..<40).map { try folder.file("\($0).pcap", chat) }
        let long = try facts(["read", "--payload", "full", "-v"] + files, pager: pager)
        #expect(long.status == 0 && long.output.count { $0 == "\n" } < 5, "\(long.output.prefix(2_000))")
        let checked = try facts(["verify", Wstap.sample("wrong-accept.pcap")], pager: pager)
        #expect(checked.status == 1)
    }

    @Test("less is the pager where none is chosen: it shows colours, outlives Ctrl-C, and q ends it")
    func less() throws {
        let facts = try facts(["explain"], pager: nil, keys: [":", "\u{3}", ":", "q"])
        #expect(facts.status == 0 && facts.wasAlive == [true, true] && facts.tookKeys)
        #expect(facts.output.contains("\u{1B}[") && !facts.output.contains("ESC["))
        // The first findings of the list, and not the last ones.
        #expect(facts.output.contains("request-method") && !facts.output.contains("capture-limit-reached"))
    }
}
