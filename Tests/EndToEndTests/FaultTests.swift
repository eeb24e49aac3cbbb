import Foundation
import Testing

/// The faults of `samples/faults`, planted in real traffic: each is named in one line.
@Suite("Planted faults")
struct FaultTests {
    struct Fault: CustomTestStringConvertible, Sendable {
        let name: String
        /// What a line of the table says, and one of the report on conformance.
        let read: String
        let verify: String
        /// What a line of the table says live, where times are those of the machine.
        let live: String
        /// What stands in the data of the page.
        let html: String

        var testDescription: String { name }

        init(_ name: String, read: String, live: String? = nil, verify: String? = nil, html: String? = nil) {
            (self.name, self.read) = (name, read)
            self.live = live ?? read
            self.verify = verify ?? read
            self.html = html ?? read
        }
    }

    static let faults = [
        Fault(
            "idle-timeout",
            read: "3 of 3 exchanges that were cut had been idle for (1\\.9\\d?|2) s: a proxy timeout\\?",
            live: "closed by the server without a close frame · close-missing · after \\S+ s idle",
            html: "the server sent FIN after (1\\.9\\d*|2) s without traffic"),
        Fault(
            "exception", read: "close-abnormal  the server closed with 1011 \\(internal error\\)",
            html: "the server closed with 1011 \\(internal error\\)"),
        Fault(
            "stripped", read: "request-upgrade-missing  there is no Upgrade field",
            verify: "✗ Upgrade ", html: "there is no Upgrade field"),
        Fault(
            "dead-upstream", read: "✗ refused · 502 Bad Gateway",
            verify: "the server answered 502 Bad Gateway: a proxy got no usable answer from the server behind it",
            html: "the server answered 502 Bad Gateway: a proxy got no usable answer from the server behind it"),
        Fault(
            "killed-client", read: "closed by the client without a close frame",
            verify: "close-missing  the client sent FIN", html: "closed by the client without a close frame"),
        Fault(
            "no-pongs", read: "ping-unanswered  the ping of frame 1 was not answered",
            html: "the ping of frame 1 was not answered"),
        Fault(
            "slow-handshake", read: "✓ valid · 101 after 2.* s ", live: "✓ valid · 101 after \\S+ s ",
            verify: "handshake-slow", html: "handshake-slow"),
        Fault(
            "refusal", read: "body “The token has expired: log in again\\.”",
            html: "The token has expired: log in again\\."),
        Fault(
            "stalled-receiver", read: "tcp-window-zero  the server took nothing for 3\\.9\\d? s",
            live: "tcp-window-zero  the server took nothing for \\S+ s ",
            html: "the server took nothing for 3\\.9\\d? s"),
    ]

    private static func capture(_ name: String) -> String { Wstap.sample("faults/\(name).pcap") }

    private static func seen(_ name: String) throws -> [String: Any] {
        try #require(try Wstap.truth(of: "faults/\(name)")["seen"] as? [String: Any])
    }

    private func expect(_ pattern: String, in text: String) throws {
        let expression = try Regex(pattern)
        #expect(
            text.split(separator: "\n").contains { $0.contains(expression) }, "\(pattern) in:\n\(text.prefix(4_000))")
    }

    @Test("read, verify and the page in HTML name it in one line", arguments: faults)
    func named(fault: Fault) throws {
        let capture = FaultTests.capture(fault.name)
        let environment = ["COLUMNS": "300"]
        try expect(fault.read, in: Wstap.run(["read", capture], environment: environment).output)
        try expect(fault.verify, in: Wstap.run(["verify", capture], environment: environment).output)
        try expect(fault.html, in: Wstap.run(["export", capture, "--to", "html", "-o", "-"]).output)
    }

    @Test("live names it in one line, while it is played on an interface", .ownNetwork, arguments: faults)
    func live(fault: Fault) throws {
        let played = try Wstap.played(FaultTests.capture(fault.name), ["live", "-i", "lo", "--columns", "300"])
        #expect(played.status == 0, "\(played.errors)")
        try expect(fault.live, in: played.output)
    }

    @Test("no other capture has a fault of its kind", arguments: ["exception", "no-pongs"])
    func others(name: String) throws {
        let ids = ["exception": "close-abnormal", "no-pongs": "ping-unanswered"]
        let id = try #require(ids[name])
        for fault in FaultTests.faults where fault.name != name && !(name == "exception" && fault.name == "no-pongs") {
            let output = try Wstap.run(["read", FaultTests.capture(fault.name)]).output
            #expect(!output.contains(id), "\(fault.name)")
        }
    }

    private func records(_ name: String, _ type: String) throws -> [[String: Any]] {
        try Wstap.run(["read", "--format", "ndjson", FaultTests.capture(name)]).records(type)
    }

    @Test("what they say is what the peers saw: how long nothing was said")
    func idle() throws {
        let seen = try #require(try FaultTests.seen("idle-timeout")["idle_seconds"] as? [Double])
        let closes = try records("idle-timeout", "connection").compactMap { $0["close"] as? [String: Any] }
        #expect(closes.count == 2 * seen.count)
        for close in closes {
            let idle = try #require(close["idle_seconds"] as? Double)
            #expect(close["outcome"] as? String == "cut" && seen.contains { abs($0 - idle) < 0.1 })
        }
    }

    @Test("how long the handshake took")
    func slow() throws {
        let seen = try #require(try FaultTests.seen("slow-handshake")["client_waited_seconds"] as? Double)
        let seconds = try #require(try records("slow-handshake", "handshake").first?["response_seconds"] as? Double)
        #expect(seconds <= seen && seconds > seen - 0.1)
    }

    @Test("how long the server read nothing")
    func stalled() throws {
        let seen = try FaultTests.seen("stalled-receiver")
        let paused = try #require(seen["server_paused_seconds"] as? Double)
        let record = try #require(try records("stalled-receiver", "connection").first)
        let tcp = try #require(record["tcp"] as? [String: Any])
        let server = try #require(tcp["from_server"] as? [String: Any])
        let closed = try #require(server["zero_window_seconds"] as? Double)
        // Its buffer was full a little later than its program stopped reading.
        #expect(closed <= paused && closed > paused - 0.2)
        #expect((tcp["rtt_seconds"] as? Double).map { $0 > 0 && $0 < 0.001 } ?? false)
    }

    @Test("what the refusals said", arguments: ["refusal", "dead-upstream"])
    func body(name: String) throws {
        let seen = try #require(try FaultTests.seen(name)["body"] as? String)
        let response = try #require(try records(name, "handshake").first?["response"] as? [String: Any])
        #expect(response["body"] as? String == seen && response["body_encoding"] as? String == "utf8")
        #expect(response["body_truncated"] == nil)
        #expect(response["status"] as? Int == (try FaultTests.seen(name)["client_saw"] as? Int))
    }

    @Test("a crash is no clean end", arguments: ["exception", "no-pongs"])
    func crash(name: String) throws {
        let lines = try Wstap.run(["read", FaultTests.capture(name)], environment: ["COLUMNS": "300"]).output
        #expect(!lines.contains("✓ closed") && !lines.contains("clean") && lines.contains("· failed"))
        let stats = try Wstap.run(["stats", FaultTests.capture(name)]).output
        #expect(stats.contains("1 failed") && !stats.contains("ended normally"))
        let page = try Wstap.run(["stats", "--format", "json", FaultTests.capture(name)]).output
        #expect(page.contains(#""outcomes":{"normal":0,"failed":1,"application":0,"cut":0,"open":0}"#))
    }
}
