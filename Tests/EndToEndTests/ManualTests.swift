import Foundation
import Testing

/// What `make install` makes of the binary: a man page and completions for shells.
@Suite("The man page and the completions")
struct ManualTests {
    /// Those that `--help` lists.
    private static func commands() throws -> [String] {
        let help = try Wstap.run(["--help"], environment: ["COLUMNS": "1000"]).output
        let list = try #require(help.components(separatedBy: "\nSUBCOMMANDS:\n").last)
        return list.components(separatedBy: "\n\n")[0].split(separator: "\n")
            .compactMap { $0.split(separator: " ").first.map(String.init) }
    }

    private static let files = [
        "man/man1/wstap.1", "bash-completion/completions/wstap", "zsh/site-functions/_wstap",
        "fish/vendor_completions.d/wstap.fish",
    ]

    /// Everything, as it is installed, in a folder.
    private func install(in folder: TemporaryFolder) throws {
        let script = Wstap.project.appendingPathComponent("scripts/install-share").path
        let result = try Wstap.run(script, [Wstap.binary.path, folder.url.path])
        try #require(result.status == 0 && result.output.isEmpty && result.errors.isEmpty, "\(result.errors)")
    }

    /// The page as a reader sees it, without formatting.
    private func page(in folder: TemporaryFolder) throws -> String {
        try install(in: folder)
        let page = folder.path("man/man1/wstap.1")
        let result = try Wstap.run(
            "/bin/sh", ["-c", "exec /usr/bin/man --warnings -l '\(page)'"],
            environment: ["LC_ALL": "C.UTF-8", "MANWIDTH": "200", "MAN_KEEP_FORMATTING": "", "PAGER": "cat"])
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        return result.output.replacing(/.\u{8}/, with: "")
    }

    @Test("the page is one that groff has nothing to say against")
    func warnings() throws {
        let folder = try TemporaryFolder()
        try install(in: folder)
        let result = try Wstap.run("/usr/bin/groff", ["-ww", "-k", "-man", "-Tutf8", folder.path("man/man1/wstap.1")])
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    }

    @Test("the page has every option of every command, its examples, exit codes, variables and files")
    func options() throws {
        let page = try page(in: try TemporaryFolder())
        let sections = page.components(separatedBy: "\nCOMMANDS\n")
        try #require(sections.count == 2)
        let parts = ("\n" + sections[1]).components(separatedBy: "\n   wstap ")
        let shared = sections[1].components(separatedBy: "\nFILTER\n").dropFirst().joined()
        let commands = try ManualTests.commands()
        #expect(commands.count >= 13 && commands.first == "read")
        for command in commands {
            let part = try #require(parts.first { $0.hasPrefix("\(command) ") || $0.hasPrefix("\(command)\n") })
            let own = part.components(separatedBy: "\nFILTER\n")[0]
            let help = try Wstap.run([command, "--help"], environment: ["COLUMNS": "1000"]).output
            let names = help.split(separator: "\n").filter { $0.hasPrefix("  -") }
                .flatMap { $0.split(whereSeparator: { ", /".contains($0) }).prefix(2) }
                .filter { $0.hasPrefix("-") && $0 != "-h" && $0 != "--help" && $0 != "--version" }
            #expect(names.count > 1 || command == "interfaces")
            for name in names {
                let isThere = own.contains(name) || shared.contains(name) && own.contains("Further options: ")
                #expect(isThere, "\(command) \(name)")
            }
            let examples = help.split(separator: "\n").filter {
                $0.hasPrefix("  wstap \(command)") || $0.hasPrefix("  sudo wstap \(command)")
            }
            #expect(!examples.isEmpty)
            for example in examples { #expect(own.contains(example.dropFirst(2)), "\(example)") }
        }
        for code in ["0", "1", "2", "3", "64", "130"] { #expect(page.contains("\n       \(code) "), "\(code)") }
        for word in ["EXIT STATUS", "CLICOLOR_FORCE", "WSTAP_PAGER", "wstap/config.toml", "~/.config"] {
            #expect(page.contains(word), "\(word)")
        }
    }

    @Test("the pages name every option, and the commands that have filters")
    func pages() throws {
        let read = { (name: String) in
            try String(contentsOf: Wstap.project.appendingPathComponent("docs/\(name).md"), encoding: .utf8)
        }
        let output = try read("output")
        var filtered: Set<String> = []
        for command in try ManualTests.commands() {
            let help = try ["--help", "--help-limits"].map { try Wstap.run([command, $0]).output }.joined()
            let options = help.split(separator: "\n").filter { $0.hasPrefix("  -") }
                .flatMap { $0.split(whereSeparator: { ", /".contains($0) }).prefix(2) }.filter { $0.hasPrefix("--") }
            for option in options where option != "--help" { #expect(output.contains(option), "\(command) \(option)") }
            if options.contains("--filter") { filtered.insert(command) }
        }
        let sentence = try #require(try read("filters").firstMatch(of: /(`read`[^.]*) have it\./)?.output.1)
        #expect(Set(sentence.matches(of: /`(\w+)`/).map { String($0.output.1) }) == filtered)
    }

    /// What a shell says of a line that is half typed, after its completions were loaded.
    private static func line(_ shell: String, completing words: String) -> [String] {
        switch shell {
        case "bash":
            let program = """
                source "$0/bash-completion/completions/wstap" && complete -p wstap >/dev/null || exit 1
                COMP_LINE='\(words)'; COMP_POINT=${#COMP_LINE}; COMP_WORDS=(\(words)); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                _wstap wstap "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
                printf '%s\\n' "${COMPREPLY[@]}"
                """
            return ["bash", "--norc", "-c", program]
        default:
            let program = """
                source $argv[1]/fish/vendor_completions.d/wstap.fish; or exit 1
                complete -C '\(words)' | string replace -r '\\t.*' ''; or true
                """
            return ["fish", "--no-config", "-c", program]
        }
    }

    @Test(
        "a shell completes commands, options and values", arguments: ["bash", "fish"],
        [
            ("wstap re", "read"), ("wstap verify --fail-", "--fail-on"), ("wstap read --format nd", "ndjson"),
            ("wstap explain request-upgrade-m", "request-upgrade-missing"),
        ])
    func completion(shell: String, example: (words: String, completed: String)) throws {
        let folder = try TemporaryFolder()
        try install(in: folder)
        let result = try Wstap.run(
            "/usr/bin/env", ManualTests.line(shell, completing: example.words) + [folder.url.path])
        let offered = result.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        #expect(offered == [example.completed])
    }

    @Test("zsh finds its completions where they are installed, and loads them")
    func zsh() throws {
        let folder = try TemporaryFolder()
        try install(in: folder)
        let program = """
            fpath=("$1/zsh/site-functions" $fpath); autoload -Uz compinit; compinit -u -D
            print ${_comps[wstap]}; autoload -Uz +X _wstap && print ${#functions[_wstap]}
            """
        let result = try Wstap.run("/usr/bin/env", ["zsh", "-f", "-c", program, "zsh", folder.url.path])
        let lines = result.output.split(separator: "\n")
        #expect(result.status == 0 && result.errors.isEmpty && lines.count == 2, "\(result.errors)")
        #expect(lines.first == "_wstap" && (lines.last.flatMap { Int($0) } ?? 0) > 10_000)
    }

    @Test("what was installed is removed again")
    func removal() throws {
        let folder = try TemporaryFolder()
        try install(in: folder)
        let isThere = { ManualTests.files.map { FileManager.default.fileExists(atPath: folder.path($0)) } }
        #expect(isThere() == [true, true, true, true])
        let script = Wstap.project.appendingPathComponent("scripts/install-share").path
        #expect(try Wstap.run(script, ["--remove", folder.url.path]).status == 0)
        #expect(isThere() == [false, false, false, false])
    }
}
