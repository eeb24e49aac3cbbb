import Foundation
import TapAnalysis
import TapHTTP
import TapReports
import TapWebSocket
import Testing

@Suite("HTTP archive")
struct HARReportTests {
    private func entries(
        _ report: HARReport = HARReport(version: "1"), _ build: (inout Script) -> Void
    ) throws -> [[String: Any]] {
        var script = Script()
        build(&script)
        let archive = try JSONSerialization.jsonObject(with: Data(script.output(of: report))) as? [String: Any]
        let log = try #require(archive?["log"] as? [String: Any])
        return try #require(log["entries"] as? [[String: Any]])
    }

    @Test("an empty capture is an archive without entries")
    func empty() throws { #expect(try entries { _ in }.isEmpty) }

    @Test("cookies, queries and addresses are as they were sent")
    func heads() throws {
        let fields = [("Cookie", "sid=abc; theme=dark=1"), ("Cookie", "broken")]
        let set = [("Set-Cookie", "sid=new; Path=/chat; HttpOnly; secure; Domain=example.org")]
        let all = try entries {
            $0.handshake(
                request: Script.request(target: "/chat?room=1&empty&x=a%20b", fields: fields),
                response: Script.response(fields: set))
        }
        let request = try #require(all.first?["request"] as? [String: Any])
        let response = try #require(all.first?["response"] as? [String: Any])
        #expect(request["url"] as? String == "ws://localhost:8080/chat?room=1&empty&x=a%20b")
        #expect(
            request["queryString"] as? [[String: String]] == [
                ["name": "room", "value": "1"], ["name": "empty", "value": ""], ["name": "x", "value": "a%20b"],
            ])
        #expect(
            request["cookies"] as? [[String: String]] == [
                ["name": "sid", "value": "abc"], ["name": "theme", "value": "dark=1"],
            ])
        let cookie = try #require((response["cookies"] as? [[String: Any]])?.first)
        #expect(cookie["name"] as? String == "sid" && cookie["path"] as? String == "/chat")
        #expect(cookie["httpOnly"] as? Bool == true && cookie["secure"] as? Bool == true)
        #expect(cookie["domain"] as? String == "example.org")
        #expect((request["headers"] as? [Any])?.count == 7)
    }

    @Test(
        "the address is that of the WebSocket connection",
        arguments: [
            ("/a", "ws://localhost:8080/a"), ("http://example.org/a?b", "ws://example.org/a?b"),
            ("https://example.org", "wss://example.org/"), ("/a?u=http://x", "ws://localhost:8080/a?u=http://x"),
            ("*", "ws://localhost:8080/*"),
        ])
    func address(target: String, address: String) throws {
        let all = try entries { $0.handshake(request: Script.request(target: target)) }
        #expect((all.first?["request"] as? [String: Any])?["url"] as? String == address)
    }

    @Test("messages beyond the limit are left out, and counted")
    func limit() throws {
        let all = try entries(HARReport(version: "1", heldLimit: 200)) { script in
            script.handshake()
            for _ in 0..<5 { script.message(.client, "hello") }
            script.close()
        }
        let shown = try #require(all.first?["_webSocketMessages"] as? [Any])
        #expect(shown.count == 2)
        #expect(all.first?["comment"] as? String == "3 messages left out: too much was to be held")
    }

    @Test("findings of the end are in the entry, each once")
    func findings() throws {
        let all = try entries { script in
            script.handshake()
            script.finding(Script.unmasked)
            script.finding(Script.unmasked)
            script.close()
            script.finding(Violation(.closeMissing, "no close frame"))
        }
        #expect(all.first?["_findings"] as? [String] == ["frame-client-unmasked", "close-missing"])
    }
}
