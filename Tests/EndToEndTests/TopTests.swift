import Foundation
import Testing

/// `wstap top` on a terminal of its own, as `Tests/Peers/top.py` sees it.
@Suite("The screen of connections", .serialized)
struct TopTests {
    private func facts(endedBy end: String) throws -> [String: Any] {
        let port = 30_000 + Int.random(in: 0..<2_500)
        let script = Wstap.project.appendingPathComponent("Tests/Peers/top.py").path
        let result = try Wstap.run("/usr/bin/python3", [script, Wstap.binary.path, "\(port)", end])
        try #require(result.status == 0, "\(result.errors)")
        let facts = try JSONSerialization.jsonObject(with: result.outputBytes) as? [String: Any]
        return try #require(facts, "\(result.errors)")
    }

    @Test(
        "shows, sorts, follows the size of the terminal, and leaves it as it was",
        .enabled(if: LiveTests.mayCapture, "this user may not capture on lo"), arguments: ["q", "ctrl-c", "term"])
    func screen(end: String) throws {
        let facts = try facts(endedBy: end)
        for name in ["empty", "busy", "row", "by_frames", "reversed", "wide", "closed"] {
            let lines = try #require(facts[name] as? [String], "\(name)")
            #expect(lines.allSatisfy { $0.unicodeScalars.count <= (name == "wide" || name == "closed" ? 160 : 100) })
        }
        let row = try #require((facts["row"] as? [String])?.first { $0.contains("✗ 1") })
        #expect(row.contains("#1") && row.contains("✓ localhost/chat\\x1b[31m") && row.contains(" 103 "))
        #expect(facts["status"] as? Int == 0)
        #expect(facts["restored"] as? Bool == true && facts["cursor_shown_last"] as? Bool == true)
        #expect(facts["entered"] as? Int == 1 && facts["left"] as? Int == 1)
        #expect((facts["before"] as? String)?.contains("listening on lo") == true)
        #expect((facts["after"] as? String)?.contains("packets captured") == true)
    }

    @Test("it is nothing for a pipe")
    func pipe() throws {
        let result = try Wstap.run(["top", "-i", "lo"])
        #expect(result.status == 64 && result.output.isEmpty && result.errors.contains("needs a terminal"))
    }
}
