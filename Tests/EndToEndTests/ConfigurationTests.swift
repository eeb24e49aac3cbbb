import Foundation
import Testing

/// Defaults that stand in a file.
@Suite("The configuration")
struct ConfigurationTests {
    /// Runs with a file of defaults.
    private func run(_ arguments: [String], with configuration: Data) throws -> Wstap.Result {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            at: folder.url.appendingPathComponent("wstap"), withIntermediateDirectories: true)
        _ = try folder.file("wstap/config.toml", configuration)
        return try Wstap.run(arguments, environment: ["XDG_CONFIG_HOME": folder.url.path])
    }

    private static let chat = Wstap.sample("chat.pcap")
    private static let wrong = Wstap.sample("wrong-accept.pcap")

    /// A configuration, a command, and the options that say the same; `nil` where the configuration says nothing to it.
    static let equal: [(configuration: String, typed: [String], same: [String])] = [
        ("time = \"absolute\"", ["read", chat], ["--time", "absolute"]),
        ("[read]\ntime = \"epoch\"", ["read", chat], ["--time", "epoch"]),
        ("time = \"epoch\"\n[read]\ntime = \"delta\"", ["read", chat], ["--time", "delta"]),
        ("time = \"epoch\"", ["read", "-t", "a", chat], []),
        ("color = \"always\"\n[verify]\nfail-on = \"note\"", ["read", chat], ["--color", "always"]),
        ("color = \"always\"", ["read", "--color", "never", chat], []),
        ("pager = false\nquiet = true", ["read", chat], ["--quiet"]),
        ("quiet = false", ["read", chat], []),
        ("max-payload = 9", ["read", "--format", "ndjson", chat], ["--max-payload", "9"]),
        (
            "[verify]\nignore = [\"response-accept-wrong\", \"close-missing\"]", ["verify", wrong],
            ["--ignore", "response-accept-wrong,close-missing"]
        ),
        ("redact = \"payload\"", ["read", chat], ["--redact", "payload"]),
        ("fail-on = \"note\" # no option of read", ["read", chat], []),
        ("", ["explain"], []),
        ("[export]\nto = \"csv\"\noutput = \"-\"", ["export", chat], ["--to", "csv", "--output", "-"]),
        ("[export]\nto = \"csv\"\noutput = \"x\"", ["export", "--to=ndjson", "-o", "-", chat], []),
        ("[export]\nto = \"csv\"", ["export", "-o", "-", chat], ["--to", "csv"]),
    ]

    @Test("it says what options would say, and what is typed counts more", arguments: equal)
    func options(_ row: (configuration: String, typed: [String], same: [String])) throws {
        let configured = try run(row.typed, with: Data(row.configuration.utf8))
        let typed = try Wstap.run(row.typed + row.same, environment: ["XDG_CONFIG_HOME": "/nowhere"])
        #expect(configured.output == typed.output && configured.errors == typed.errors)
        #expect(configured.status == typed.status && !configured.output.isEmpty)
    }

    @Test(
        "a mistake in it is told with its file, and nothing is done",
        arguments: [
            ("colour = 1", "there is no option “colour”: did you mean color?"),
            ("[raed]", "there is no command “raed”: did you mean read?"),
            ("[verify]\nfail-no = 1\n[read]\nmax-hed = 1", "there is no option “max-hed”: did you mean max-head?"),
            ("color = \"pink\"", "'pink' is invalid"), ("max-payload = \"\\u001b[31m\"", "max-payload"),
            ("color =", "line 1, column 8"), ("color = 2020-01-01", "“color” is to be a text"),
            ("host = [[1]]", "“host” is to be a text"), ("\"\\u001b[31m\" = 1", "there is no option “\\x1b[31m”"),
            ("\"a\\u0000b\" = 1", "there is no option “a\\x00b”"),
        ])
    func mistakes(configuration: String, message: String) throws {
        let result = try run(["read", ConfigurationTests.chat], with: Data(configuration.utf8))
        #expect(result.status == 64 && result.output.isEmpty)
        #expect(result.errors.hasPrefix("wstap: /") && result.errors.contains("/wstap/config.toml: "))
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(TerminalTests.harm(in: result.errorBytes) == nil)
    }

    @Test("the example of the documentation is one")
    func example() throws {
        let page = Wstap.project.appendingPathComponent("docs/output.md")
        let parts = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "\n```toml\n")
        let example = try #require(parts.last?.components(separatedBy: "\n```\n").first)
        try #require(parts.count == 2)
        for (command, status) in [("read", 0), ("verify", 1), ("stats", 0), ("follow", 0)] {
            let input = command == "follow" ? ConfigurationTests.chat : ConfigurationTests.wrong
            let result = try run([command, input], with: Data(example.utf8))
            #expect(result.status == status && result.errors.isEmpty, "\(command): \(result.errors)")
        }
    }

    @Test("what is no text, or longer than a configuration, is refused")
    func content() throws {
        for (content, reason) in [(Data([0xFF]), "not UTF-8"), (Data(repeating: 0x20, count: 2 << 20), "too long")] {
            let result = try run(["read", ConfigurationTests.chat], with: content)
            #expect(result.status == 64 && result.errors.contains(reason), "\(result.errors)")
        }
    }

    @Test("help needs none, and a mistake that was typed is told as one")
    func help() throws {
        let broken = Data("color = ".utf8)
        for arguments in [["--help"], ["read", "--help"], ["help", "read"], ["--version"]] {
            #expect(try run(arguments, with: broken).status == 0)
        }
        let typed = try run(["read", "--bogus", ConfigurationTests.chat], with: Data("quiet = true".utf8))
        #expect(typed.status == 64 && typed.errors.contains("--bogus") && !typed.errors.contains("config.toml"))
    }

    @Test("it lies in .config of the home folder where no variable says otherwise")
    func home() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            at: folder.url.appendingPathComponent(".config/wstap"), withIntermediateDirectories: true)
        _ = try folder.file(".config/wstap/config.toml", Data("color = \"always\"".utf8))
        for other in ["", "relative"] {
            let result = try Wstap.run(
                ["explain"], environment: ["XDG_CONFIG_HOME": other, "HOME": folder.url.path])
            #expect(result.output.contains("\u{1B}["))
        }
        #expect(try !Wstap.run(["explain"], environment: ["HOME": "/nowhere"]).output.contains("\u{1B}["))
    }
}
