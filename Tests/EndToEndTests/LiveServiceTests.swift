import Foundation
import Testing

/// What a live capture does for those who keep it running for days.
@Suite("Live capture for days", .serialized, .enabled(if: LiveTests.mayCapture, "this user may not capture on lo"))
struct LiveServiceTests {
    private static func port() -> Int { 20_000 + Int.random(in: 0..<10_000) }

    /// Clients that talk to a server, and what they counted.
    private static func talk(on port: Int, clients: Int, messages: Int) throws -> [String: Int] {
        let peers = try Wstap.run(
            "/usr/bin/python3",
            [Wstap.project.appendingPathComponent("Tests/Peers/echo.py").path, "\(port)", "\(clients)", "\(messages)"])
        let counted = try JSONSerialization.jsonObject(with: Data(peers.output.utf8)) as? [String: Int]
        return try #require(counted, "\(peers.errors)")
    }

    @Test("tells Prometheus what was counted, in both of its forms, as the peers counted")
    func metrics() throws {
        let folder = try TemporaryFolder()
        let port = LiveServiceTests.port()
        let live = try LiveRun(
            ["live", "-i", "lo", "-f", "tcp port \(port)", "-q", "--metrics", "127.0.0.1:0"], in: folder)
        let counts = try LiveServiceTests.talk(on: port, clients: 3, messages: 20)
        // What the kernel has by now is handed over soon.
        try live.await { try $0.written().components(separatedBy: "closed by").count > 3 }
        let location = try #require(try live.said().firstMatch(of: /metrics at (http\S+)/)?.output.1)
        let printed = try Consumer.run("metrics.py", [String(location)])
        let values = try #require(try JSONSerialization.jsonObject(with: Data(printed.utf8)) as? [String: Double])
        let value = { (name: String) in values[name].map { Int($0) } }
        #expect(value(#"wstap_handshakes_total{"status": "101", "verdict": "valid"}"#) == counts["connections"])
        #expect(value(#"wstap_frames_total{"kind": "text", "sender": "client"}"#) == counts["client_sent"])
        #expect(value(#"wstap_frames_total{"kind": "text", "sender": "server"}"#) == counts["server_sent"])
        #expect(value("wstap_connections_open{}") == 0 && value("wstap_packets_dropped_total{}") == 0)
        let closes = values.filter { $0.key.hasPrefix("wstap_closes_total") }
        #expect(closes.values.reduce(0, +) == Double(try #require(counts["connections"])))
        for name in ["wstap_handshake_seconds", "wstap_tcp_round_trip_seconds"] {
            #expect(value("\(name)_count{}") == counts["connections"])
            #expect(value("\(name)_bucket{\"le\": \"+Inf\"}") == counts["connections"])
        }
        let result = try live.stop()
        #expect(result.status == 0 && !result.output.contains(" text "))
    }

    @Test("says its totals when it is asked to, and goes on")
    func totals() throws {
        let folder = try TemporaryFolder()
        let port = LiveServiceTests.port()
        let live = try LiveRun(["live", "-i", "lo", "-f", "tcp port \(port)", "-q"], in: folder)
        let counts = try LiveServiceTests.talk(on: port, clients: 2, messages: 5)
        try live.await { try $0.written().components(separatedBy: "closed by").count > 2 }
        live.send(SIGUSR1)
        try live.await { try $0.said().contains("frames  ") }
        #expect(try live.said().contains("\(try #require(counts["connections"])) WebSocket"))
        #expect(live.isRunning)
        let result = try live.stop(by: SIGHUP)
        #expect(result.status == 0 && result.output.contains("\nconnections 2 WebSocket"))
    }

    @Test("keeps a ring of files, each of them whole, and the last of them only")
    func ring() throws {
        let folder = try TemporaryFolder()
        let port = LiveServiceTests.port()
        let live = try LiveRun(
            [
                "live", "-i", "lo", "-f", "tcp port \(port)", "-q", "-w", folder.path("kept.pcapng"),
                "-b", "filesize:20", "-b", "files:3",
            ], in: folder)
        _ = try LiveServiceTests.talk(on: port, clients: 3, messages: 100)
        try live.await { try $0.written().components(separatedBy: "closed by").count > 3 }
        // Nothing is lost where nobody has the time to end.
        live.send(SIGKILL)
        _ = try live.wait()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
            .filter { $0.hasPrefix("kept") }.sorted()
        #expect(names.allSatisfy { $0.contains(/^kept_\d{5}_\d{14}\.pcapng$/) }, "\(names)")
        let numbers = names.compactMap { Int($0.dropFirst("kept_".count).prefix(5)) }
        // There were files before.
        let first = try #require(numbers.first)
        #expect(first > 1 && numbers == [first, first + 1, first + 2], "\(names)")
        for name in names {
            let size = try FileManager.default.attributesOfItem(atPath: folder.path(name))[.size] as? Int
            #expect(size.map { $0 <= 20_000 && $0 > 10_000 || name == names.last } ?? false, "\(name)")
            let read = try Wstap.run(["read", "--events", "summary", "--format", "ndjson", folder.path(name)])
            #expect(read.status == 0 && (read.records("summary").first?["packets"] as? Int ?? 0) > 0, "\(read.errors)")
        }
    }

    /// Asks a database as others do who read it meanwhile.
    private static func ask(_ database: String, _ question: String) throws -> String {
        let script = """
            import sqlite3, sys
            for row in sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True).execute(sys.argv[2]):
                print(*row)
            """
        let result = try Wstap.run("/usr/bin/python3", ["-c", script, database, question])
        #expect(result.status == 0, "\(result.errors)")
        return result.output
    }

    @Test("a database and records grow in their files, readable at every moment, and after the hardest end")
    func files() throws {
        let folder = try TemporaryFolder()
        let port = LiveServiceTests.port()
        let (database, records) = (
            try folder.file("traffic.db", Data("what was there".utf8)), folder.path("all.ndjson")
        )
        let live = try LiveRun(
            [
                "live", "-i", "lo", "-f", "tcp port \(port)", "-q", "-o", database, "--to", "sqlite", "--to", "ndjson",
                "-o", records,
            ],
            in: folder)
        #expect(try LiveServiceTests.ask(database, "SELECT count(*) FROM frames") == "0\n")
        let counts = try LiveServiceTests.talk(on: port, clients: 3, messages: 20)
        try live.await { _ in try LiveServiceTests.ask(database, "SELECT count(*) FROM connections") == "3\n" }
        #expect(live.isRunning)
        let sent = try #require(counts["client_sent"])
        #expect(
            try LiveServiceTests.ask(database, "SELECT sender, count(*) FROM messages GROUP BY 1")
                == "client \(sent)\nserver \(sent)\n")
        #expect(try LiveServiceTests.ask(database, "SELECT count(*) FROM overview WHERE verdict = 'valid'") == "3\n")
        live.send(SIGKILL)
        _ = try live.wait()
        #expect(try LiveServiceTests.ask(database, "PRAGMA integrity_check") == "ok\n")
        #expect(
            try LiveServiceTests.ask(database, "SELECT count(*) FROM frames WHERE kind = 'text'") == "\(2 * sent)\n")
        let lines = try String(contentsOfFile: records, encoding: .utf8).split(separator: "\n")
        let types = try lines.map { line in
            (try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["type"] as? String
        }
        // The table says handshakes and ends only; the file has all records.
        #expect(types.count { $0 == "frame" } == 2 * sent + 6 && types.count { $0 == "connection" } == 3)
        let mode = try FileManager.default.attributesOfItem(atPath: records)[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }

    @Test("records in a file have the payloads that were asked for, whatever the table shows")
    func payloads() throws {
        let folder = try TemporaryFolder()
        let port = LiveServiceTests.port()
        let records = folder.path("all.ndjson")
        let live = try LiveRun(
            ["live", "-i", "lo", "-f", "tcp port \(port)", "-q", "--payload", "preview", "-o", records], in: folder)
        _ = try LiveServiceTests.talk(on: port, clients: 1, messages: 3)
        try live.await { try $0.written().contains("closed by") }
        #expect(try live.stop().status == 0)
        let lines = try String(contentsOfFile: records, encoding: .utf8).split(separator: "\n")
        let texts = lines.filter { $0.contains(#""kind":"text""#) }
        #expect(texts.count == 6 && texts.allSatisfy { $0.contains(#""payload":"{\"client\""#) })
    }

    @Test("ended politely, a database is one file, and nothing is left of a capture that could not begin")
    func politeEnd() throws {
        let folder = try TemporaryFolder()
        let live = try LiveRun(["live", "-i", "lo", "-f", "udp port 9", "-o", folder.path("traffic.db")], in: folder)
        #expect(try live.stop(by: SIGHUP).status == 0)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        #expect(names.filter { $0.hasPrefix("traffic") } == ["traffic.db"])
        #expect(try LiveServiceTests.ask(folder.path("traffic.db"), "SELECT count(*) FROM findings") == "0\n")
        let failed = try Wstap.run(["live", "-i", "nosuch0", "-o", folder.path("other.db")])
        #expect(failed.status == 2 && !FileManager.default.fileExists(atPath: folder.path("other.db")))
    }

    @Test(
        "of several interfaces packets are merged by time, and records and packets say which one they are of",
        .ownNetwork)
    func interfaces() throws {
        let folder = try TemporaryFolder()
        // What passes the loopback interface passes “any” of them as well.
        let played = try Wstap.played(
            Wstap.sample("faults/exception.pcap"),
            ["live", "-i", "lo", "-i", "any", "--format", "ndjson", "-w", folder.path("kept.pcapng")])
        #expect(played.status == 0 && played.errors.contains("listening on lo, any"), "\(played.errors)")
        let handshakes = played.records("handshake")
        let names = handshakes.map { $0["interface"] as? String ?? "" }
        #expect(!names.isEmpty && names.allSatisfy { $0 == "lo" || $0 == "any" })
        let alone = try Wstap.run(["read", "--format", "ndjson", Wstap.sample("faults/exception.pcap")])
        #expect(played.records("frame").count == alone.records("frame").count)
        let fields = try Wstap.run(
            "/usr/bin/tshark",
            ["-r", folder.path("kept.pcapng"), "-T", "fields", "-e", "frame.interface_name", "-e", "frame.time_epoch"])
        let rows = fields.output.split(separator: "\n").map { $0.split(separator: "\t") }
        let packets = alone.records("summary").first?["packets"] as? Int ?? 0
        let counts = ["lo", "any"].map { name in rows.count { $0[0] == name } }
        #expect(counts[0] == packets && counts[1] >= packets)
        let times = rows.map { String($0[1]) }
        #expect(times == times.sorted() && fields.status == 0)
    }

    @Test("runs a command for a finding, and its exit code tells of the worst", .ownNetwork)
    func findings() throws {
        let folder = try TemporaryFolder()
        let told = folder.path("told")
        let command = #"printf '%s\n' "$WSTAP_FINDING" "$WSTAP_SEVERITY" "$WSTAP_RECORD" >> '\#(told)'"#
        for (severity, status) in [("warning", Int32(1)), ("error", 0)] {
            let files = severity == "error" ? "; ls -l /proc/self/fd > '\(folder.path("open"))'" : ""
            let played = try Wstap.played(
                Wstap.sample("faults/exception.pcap"),
                ["live", "-i", "lo", "-q", "--on-finding", command + files, "--fail-on", severity])
            #expect(played.status == status, "\(played.errors)")
        }
        // It has nothing of the capture: the sockets of packets are not for it.
        let open = try String(contentsOfFile: folder.path("open"), encoding: .utf8)
        #expect(open.contains(" 0 -> ") && !open.contains("socket:") && !open.contains("anon_inode"), "\(open)")
        let lines = try String(contentsOfFile: told, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 6 && lines[0] == "close-abnormal" && lines[1] == "warning")
        let record = try JSONSerialization.jsonObject(with: Data(try #require(lines.last).utf8)) as? [String: Any]
        #expect(record?["id"] as? String == "close-abnormal" && record?["type"] as? String == "finding")
    }

    @Test(
        "what makes no sense is wrong usage",
        arguments: [
            ["-b", "filesize:1"], ["-w", "k.pcapng", "-b", "files:3"], ["-w", "k.pcapng", "-b", "packets:3"],
            ["-w", "k.pcapng", "-b", "filesize:-1"], ["--metrics", "9100"], ["--metrics", "::1:9100"],
            ["--fail-on", "fatal"], ["-i", "lo"], ["-o", "report.html"], ["-o", "-"], ["--to", "ndjson"],
            ["-o", "a.db", "-w", "a.db"], ["-o", "a.db", "-o", "./a.db"],
        ])
    func usage(arguments: [String]) throws {
        #expect(try Wstap.run(["live", "-i", "lo"] + arguments).status == 64)
    }
}
