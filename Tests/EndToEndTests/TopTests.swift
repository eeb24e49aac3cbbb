import Foundation
import Testing

/// `wstap top` on a terminal of its own, as `Tests/Peers/top.py` sees it.
@Suite("The screen of connections", .serialized)
struct TopTests {
    private func facts(endedBy end: String, of capture: String? = nil) throws -> [String: Any] {
        let port = 30_000 + Int.random(in: 0..<2_500)
        let script = Wstap.project.appendingPathComponent("Tests/Peers/top.py").path
        let result = try Wstap.run("/usr/bin/python3", [script, Wstap.binary.path, capture ?? "\(port)", end])
        try #require(result.status == 0, "\(result.errors)")
        let facts = try JSONSerialization.jsonObject(with: result.outputBytes) as? [String: Any]
        return try #require(facts, "\(result.errors)")
    }

    @Test(
        "shows, sorts, opens, filters and writes, follows the size of the terminal, and leaves it as it was",
        .enabled(if: LiveTests.mayCapture, "this user may not capture on lo"),
        arguments: ["q", "ctrl-c", "term", "quit"])
    func screen(end: String) throws {
        let facts = try facts(endedBy: end)
        let widths = ["wide": 180, "closed": 180, "narrow": 80]
        for name in [
            "empty", "busy", "row", "by_frames", "reversed", "talk", "later", "back", "kept", "group", "filtered",
            "help",
            "narrow", "wide", "closed",
        ] {
            let lines = try #require(facts[name] as? [String], "\(name)")
            #expect(lines.allSatisfy { $0.unicodeScalars.count <= widths[name] ?? 100 }, "\(name)")
        }
        let row = try #require((facts["row"] as? [String])?.first { $0.contains("✗ 1") })
        #expect(row.contains("#1 open ") && row.contains("/chat\\x1b[31m"))
        #expect((facts["by_frames"] as? [String])?.contains { $0.contains(" 103 ") } == true)
        #expect(facts["status"] as? Int == 0)
        #expect(facts["restored"] as? Bool == true && facts["cursor_shown_last"] as? Bool == true)
        #expect(facts["entered"] as? Int == 1 && facts["left"] as? Int == 1)
        #expect((facts["before"] as? String)?.contains("listening on lo") == true)
        #expect((facts["after"] as? String)?.contains("packets captured") == true)
        #expect(facts["kept_file"] as? Int ?? 0 > 10_000)
    }

    @Test(
        "stopped by Ctrl-Z it gives the terminal back, and takes it again",
        .enabled(if: LiveTests.mayCapture, "this user may not capture on lo"))
    func stop() throws {
        let facts = try facts(endedBy: "ctrl-z")
        for name in ["empty", "stopped", "again"] { #expect(facts[name] is [String], "\(name)") }
        #expect(facts["stopped_restored"] as? Bool == true)
        #expect(facts["entered"] as? Int == 2 && facts["left"] as? Int == 2)
        #expect(facts["cursor_shown_last"] as? Bool == true)
    }

    @Test("reads what another program writes, with keys from the terminal")
    func input() throws {
        let facts = try facts(endedBy: "input", of: Wstap.sample("nginx-proxy.pcap"))
        for name in ["empty", "screen", "talk"] { #expect(facts[name] is [String], "\(name)") }
        let block = try #require(CookbookTests.blocks.first { $0.testDescription.hasSuffix("| wstap top -") })
        let screen = try #require(facts["screen"] as? [String])
        #expect(LivePageTests.words(screen.joined(separator: "\n")) == LivePageTests.words(block.commands[0].output))
        #expect(facts["status"] as? Int == 0 && facts["restored"] as? Bool == true)
        #expect((facts["after"] as? String)?.contains("4 WebSocket") == true)
    }

    @Test("it is nothing for a pipe")
    func pipe() throws {
        let result = try Wstap.run(["top", "-i", "lo"])
        #expect(result.status == 64 && result.output.isEmpty && result.errors.contains("needs a terminal"))
        for arguments in [[], ["-", "-i", "lo"], [Wstap.sample("chat.pcap")], ["-i", "lo", "-i", "lo"]] {
            #expect(try Wstap.run(["top"] + arguments).status == 64)
        }
    }
}
