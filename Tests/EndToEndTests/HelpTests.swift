import Testing

/// What the program says of itself, and of what it does not understand.
@Suite("Help and wrong usage")
struct HelpTests {
    @Test(
        "a command's own options stand first, and its limits on a page of their own",
        arguments: ["read", "live", "export", "top", "verify"])
    func order(command: String) throws {
        let help = try Wstap.run([command, "--help"]).output
        #expect(try Wstap.run(["help", command]).output == help)
        let titles = help.split(separator: "\n").filter { $0.hasSuffix(":") && $0.first?.isUppercase == true }
            .filter { $0.allSatisfy { $0.isUppercase || $0 == ":" || $0 == " " } }
        let own = try #require(titles.firstIndex(of: "OPTIONS:"))
        #expect(titles[..<own].allSatisfy { $0 == "ARGUMENTS:" } && titles.last == "LIMITS:", "\(titles)")
        #expect(!help.contains("--max-held-segments") && help.contains("--help-limits"))
        let limits = try Wstap.run([command, "--help-limits"])
        #expect(
            limits.status == 0 && limits.output.hasPrefix("LIMITS:\n") && limits.output.contains("--max-held-segments"))
        #expect(!limits.output.contains("--color"))
    }

    @Test(
        "every mistake is told in one form, and only near names are guessed",
        arguments: [
            (
                ["read", "--limit", "5", "x"],
                "wstap: unknown option '--limit'\n  “wstap help read” says what can be given\n"
            ),
            (
                ["read", "--since", "5", "x"],
                "wstap: unknown option '--since'\n  “wstap help read” says what can be given\n"
            ),
            (
                ["read", "--fitler", "x", "y"],
                "wstap: unknown option '--fitler'; did you mean '--filter'?\n  “wstap help read” says what can be given\n"
            ),
            (
                ["read", "-r", "x"],
                "wstap: unknown option '-r'; files stand without one: wstap read FILE\n  “wstap help read” says what can be given\n"
            ),
            (["read"], "wstap: missing expected argument '<files> ...'\n  “wstap help read” says what can be given\n"),
            (
                ["explain", "nonsense"],
                "wstap: there is no finding “nonsense”; `wstap explain` lists them all\n  “wstap help explain” says what can be given\n"
            ),
            (
                ["raed"],
                "wstap: there is no command “raed”; did you mean read?\n  “wstap help” says what can be given\n"
            ),
            (
                ["help", "raed"],
                "wstap: there is no command “raed”; did you mean read?\n  “wstap help” says what can be given\n"
            ),
        ])
    func mistakes(arguments: [String], errors: String) throws {
        let result = try Wstap.run(arguments)
        #expect(result.status == 64 && result.output.isEmpty && result.errors == errors, "\(result.errors)")
    }
}
