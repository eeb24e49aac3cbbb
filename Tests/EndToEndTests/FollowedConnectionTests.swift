import Foundation
import Testing

/// `follow` with filters and several connections.
@Suite("Dialogues of several connections")
struct FollowedConnectionTests {
    private static let twenty = Wstap.sample("twenty.pcap")

    private func lines(_ arguments: [String]) throws -> [Substring] {
        let result = try Wstap.run(["follow"] + arguments, environment: ["COLUMNS": "100"])
        #expect(result.status == 0, "\(result.errors)")
        return result.output.split(separator: "\n")
    }

    @Test("several stand in the order of time, each line with its number")
    func several() throws {
        let shown = try lines(["--connection", "3,8", FollowedConnectionTests.twenty])
        let times = shown.compactMap { line in
            line.hasPrefix("  0.") ? Double(line.dropFirst(2).prefix { $0 != " " }) : nil
        }
        #expect(times.count > 6 && times == times.sorted())
        for line in shown where line.hasPrefix("  0.") { #expect(line.contains(" #3 ") || line.contains(" #8 ")) }
        #expect(shown.filter { $0.hasPrefix("#3 ") }.count == 2 && shown.filter { $0.hasPrefix("#8 ") }.count == 2)
    }

    @Test("filters choose connections and messages, as in read")
    func filtered() throws {
        let opened = try lines([
            "-Y", "websocket.opcode == 1 and sender == client", "--path", "/visitor/7", FollowedConnectionTests.twenty,
        ])
        let rows = opened.filter { $0.hasPrefix("  0.") }
        #expect(!rows.isEmpty && rows.allSatisfy { $0.contains(" #7  → {") })
        let found = try lines([
            "--connections-where", "message.text contains \"visitor 9 \"", FollowedConnectionTests.twenty,
        ])
        #expect(found.first?.hasPrefix("#9 ") == true && found.contains { $0.contains("← close") })
        let grepped = try lines(["--grep", "visitor 9 ", FollowedConnectionTests.twenty])
        #expect(grepped.count < found.count && grepped.contains { $0.contains("visitor 9 from") })
        let beats = try lines([Wstap.sample("chat.pcap"), "--hide", "heartbeat"])
        #expect(beats.contains { $0.contains("harbour") } && !beats.contains { $0.contains("foggy?") })
        let none = try Wstap.run(["follow", "--grep", "nobody says this", FollowedConnectionTests.twenty])
        #expect(none.status == 0 && none.output.isEmpty && none.errors.contains("nothing of any connection passes"))
    }

    @Test("JSON is broken at commas, and with --pretty has a line for each member")
    func json() throws {
        let shown = try lines([Wstap.sample("chat.pcap")])
        let rows = shown.indices.filter { shown[$0].contains("\"id\":101") }
        let row = try #require(rows.first)
        #expect(
            shown[row].hasSuffix(#""sender":"Kofi","#)
                && shown[row + 1].hasSuffix(#"  "text":"The 14:20 ferry is late again."}"#))
        let pretty = try lines(["--pretty", Wstap.sample("chat.pcap")])
        #expect(pretty.contains { $0.hasSuffix(#"    "sender": "Kofi","#) } && pretty.contains { $0.hasSuffix("→ {") })
        #expect(try Wstap.run(["follow", "--pretty", "--format", "raw", Wstap.sample("chat.pcap")]).status == 64)
    }

    @Test("an answer says how long ago the other side spoke")
    func waits() throws {
        let shown = try lines([Wstap.sample("chat.pcap")])
        #expect(shown.contains { $0.hasPrefix("  0.001809  +133 µs ← {") })
        // What somebody says after himself does not.
        #expect(shown.contains { $0.hasPrefix("  0.022235          ← {") })
    }
}
