import Foundation
import Testing

@Suite("What could not be read is told")
struct UnreadTests {
    /// Kinds of entries with their numbers, `tls 3`, of each capture.
    static let unread: [(capture: String, entries: [String])] = [
        ("an unknown link type", ["link-type USER0 147 packets 27"]),
        ("nothing but TLS", ["tls connections 3"]),
        ("nothing but QUIC", ["quic connections 2", "not-tcp packets 6"]),
        ("cut at 54 bytes", ["cut 54 packets 10"]),
        ("empty", []),
        ("no TCP", ["not-tcp packets 12"]),
        ("HTTP without an upgrade", []),
        ("from the middle", []),
        ("one side of a connection", []),
        ("one connection among TLS", ["tls connections 1"]),
    ]

    private func verify(
        _ capture: String, _ arguments: [String] = [], in folder: TemporaryFolder
    ) throws -> Wstap.Result {
        let content = try #require(UnreadCapture.named(capture)).file
        let path = try folder.file("capture.pcap", content)
        return try Wstap.run(["verify", path] + arguments, environment: ["COLUMNS": "160"])
    }

    @Test("the table has a row for each capture")
    func rows() {
        #expect(UnreadTable.rows.map(\.testDescription) == UnreadCapture.all.map(\.testDescription))
    }

    @Test("verify says what the page says, and exits as it says", arguments: UnreadTable.rows)
    func table(row: UnreadTable.Row) throws {
        try check(row)
    }

    @Test("packets of QUIC that was read are not among what was not")
    func quic() throws {
        let sample = { (name: String) in Wstap.project.appendingPathComponent("samples/http3/\(name).pcapng").path }
        let read = try Wstap.run(["verify", sample("hypercorn")])
        #expect(read.status == 0 && !read.output.contains("unread"), "\(read.output)")
        let both = try Wstap.run(["verify", sample("hypercorn"), sample("hypercorn-no-keys")])
        #expect(both.output.contains("unread      ! 1 connection is QUIC\n"), "\(both.output)")
    }

    private func check(_ row: UnreadTable.Row) throws {
        let result = try verify(row.testDescription, in: try TemporaryFolder())
        #expect(result.status == row.status)
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(!row.lines.isEmpty && lines.suffix(row.lines.count) == row.lines[...], "\(result.output)")
        #expect(result.errors.contains("nothing was verified") == (row.status == 3))
    }

    @Test("every format of verify has the same words and the same exit code", arguments: UnreadTable.rows)
    func formats(row: UnreadTable.Row) throws {
        try checkFormats(row)
    }

    private func checkFormats(_ row: UnreadTable.Row) throws {
        let folder = try TemporaryFolder()
        // What stands behind the totals, without the marks and the label.
        let totals = row.lines.flatMap { $0.components(separatedBy: " · ") }.map {
            $0.replacing("unread      ", with: "").replacing("! ", with: "")
        }
        let words = totals.filter { $0.contains(" is ") || $0.contains(" are ") || $0.contains("not read") }
        let nothing = totals.filter { $0.hasPrefix("no WebSocket connection") }
        let junit = try verify(row.testDescription, ["--format", "junit"], in: folder)
        let sarif = try verify(row.testDescription, ["--format", "sarif"], in: folder)
        #expect(junit.status == row.status && sarif.status == row.status)
        for text in words + nothing {
            #expect(junit.output.contains("<skipped message=\"\(text)\"/>"), "\(junit.output)")
            #expect(
                sarif.output.contains("\"level\":\"warning\",\"message\":{\"text\":\"\(text)\"}"), "\(sarif.output)")
        }
        #expect(nothing.isEmpty == (row.status != 3))
        for format in ["json", "ndjson"] {
            #expect(try verify(row.testDescription, ["--format", format], in: folder).status == row.status)
        }
    }

    @Test("the summary lists what was not read, whatever the number of threads", arguments: unread.indices)
    func summary(index: Int) throws {
        let (capture, entries) = UnreadTests.unread[index]
        let folder = try TemporaryFolder()
        let path = try folder.file("capture.pcap", try #require(UnreadCapture.named(capture)).file)
        for threads in ["1", "4"] {
            let result = try Wstap.run(["read", "--format", "ndjson", "--threads", threads, path])
            let summary = try #require(result.records("summary").first)
            let unread = summary["unread"] as? [[String: Any]] ?? []
            #expect(unread.map(UnreadTests.line) == entries)
            #expect((summary["unread"] == nil) == entries.isEmpty)
        }
    }

    private static func line(_ entry: [String: Any]) -> String {
        let facts = ["kind", "name", "number"].compactMap { entry[$0].map { "\($0)" } }
        let counts = ["packets", "connections"].compactMap { name in entry[name].map { "\(name) \($0)" } }
        return (facts + counts).joined(separator: " ")
    }

    @Test("table, stats, HTML and HAR have the words, too", arguments: ["nothing but TLS", "an unknown link type"])
    func others(capture: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("capture.pcap", try #require(UnreadCapture.named(capture)).file)
        let words =
            capture == "nothing but TLS" ? "3 connections are TLS" : "link type USER0 (147): 27 packets not read"
        for arguments in [
            ["read"], ["stats"], ["export", "--to", "html", "-o", "-"], ["export", "--to", "har", "-o", "-"],
        ] {
            let result = try Wstap.run(arguments + [path])
            #expect(result.status == 0 && result.output.contains(words), "\(arguments)")
        }
    }

    @Test("--allow-empty accepts a capture without a connection", arguments: ["nothing but TLS", "empty", "no TCP"])
    func allowEmpty(capture: String) throws {
        let result = try verify(capture, ["--allow-empty"], in: try TemporaryFolder())
        #expect(result.status == 0 && result.errors.isEmpty)
    }

    @Test("with --only handshake, a connection from the middle counts for nothing")
    func onlyHandshake() throws {
        let folder = try TemporaryFolder()
        for (format, words) in [
            ("table", "· no WebSocket handshake in "), ("junit", "<skipped message=\"no WebSocket handshake in "),
            ("sarif", "\"text\":\"no WebSocket handshake in "),
        ] {
            let midstream = try verify("from the middle", ["--only", "handshake", "--format", format], in: folder)
            #expect(midstream.status == 3 && midstream.output.contains(words))
        }
        #expect(try verify("one side of a connection", ["--only", "handshake"], in: folder).status == 0)
    }

    @Test("an input that broke off goes before findings, and these before a capture of nothing")
    func precedence() throws {
        let folder = try TemporaryFolder()
        let wrong = try Data(contentsOf: URL(fileURLWithPath: Wstap.sample("wrong-accept.pcap")))
        let cut = try folder.file("cut.pcap", wrong.dropLast(3))
        #expect(try Wstap.run(["verify", cut]).status == 2)
        let tls = try #require(UnreadCapture.named("nothing but TLS")).file
        #expect(try Wstap.run(["verify", try folder.file("tls.pcap", tls.dropLast(3))]).status == 2)
        #expect(try Wstap.run(["verify", "--allow-empty", "--fail-on", "all", cut]).status == 64)
        #expect(try Wstap.run(["verify", try folder.file("whole.pcap", wrong)]).status == 1)
    }
}
