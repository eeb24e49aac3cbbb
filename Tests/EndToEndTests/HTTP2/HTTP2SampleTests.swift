import Foundation
import Testing

/// Captures of WebSocket in streams of HTTP/2 against what the peers logged.
@Suite("WebSocket over HTTP/2, compared with what the client logged")
struct HTTP2SampleTests {
    @Test("there are captures of each pair of peers")
    func count() { #expect(HTTP2Truth.all.count >= 14) }

    private typealias Record = [String: Any]

    private static func number(_ record: Record, _ name: String) -> Int? { record[name] as? Int }

    private static func text(_ record: Record?, _ name: String) -> String? { record?[name] as? String }

    @Test("each socket is on its stream, with its head, its bytes and its end", arguments: HTTP2Truth.all)
    func sockets(truth: HTTP2Truth) throws {
        let result = try Wstap.run(["read", "--format", "ndjson"] + truth.arguments)
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        let handshakes = result.records("handshake")
        #expect(handshakes.count == truth.tunnels)
        for connection in truth.connections {
            for tunnel in connection.tunnels {
                let handshake = try #require(
                    handshakes.first { record in
                        let port = (record["client"] as? Record)?["port"] as? Int
                        return record["stream"] as? Int == tunnel.stream
                            && (connection.clientPort == nil || port == connection.clientPort)
                    })
                check(handshake, tunnel, truth)
                guard tunnel.status == 200 else { continue }
                check(result, try #require(handshake["connection"] as? Int), tunnel, truth)
            }
            try check(findings: result, connection)
        }
        let summary = try #require(result.records("summary").first)
        let totals = try #require(summary["http2"] as? [String: Int])
        // A browser opens a connection more than it needs.
        #expect(try #require(totals["connections"]) >= truth.connections.count)
        #expect(totals["websockets"] == truth.tunnels && totals["requests"] == truth.requests)
        #expect(summary["connections"] as? Int == truth.tunnels)
        #expect(totals["grpc_requests"] == 0 && totals["connects"] == 0)
        #expect(totals["other_protocols"] == truth.otherProtocols)
    }

    private func check(_ handshake: Record, _ tunnel: HTTP2Truth.Tunnel, _ truth: HTTP2Truth) {
        let (request, response) = (handshake["request"] as? Record, handshake["response"] as? Record)
        #expect(Self.text(handshake, "transport") == (truth.isSecure ? "h2" : "h2c"))
        #expect(Self.text(handshake, "verdict") == (tunnel.status == 200 ? "valid" : "refused"))
        #expect(Self.text(request, "method") == "CONNECT" && Self.text(request, "version") == "HTTP/2")
        #expect(Self.text(request, "target") == tunnel.path)
        #expect(response?["status"] as? Int == tunnel.status)
        #expect(Self.text(response, "protocol") == tunnel.subprotocol)
    }

    /// What became of a socket that was agreed on.
    private func check(_ result: Wstap.Result, _ number: Int, _ tunnel: HTTP2Truth.Tunnel, _ truth: HTTP2Truth) {
        tunnel.checkBytes(of: number, in: result)
        let connection = result.records("connection").first { $0["connection"] as? Int == number }
        #expect(connection?["stream"] as? Int == tunnel.stream)
        #expect(Self.text(connection, "transport") == (truth.isSecure ? "h2" : "h2c"))
        let close = connection?["close"] as? Record
        let (cause, sender) = (Self.text(close, "ended_by"), Self.text(close, "ended_by_sender"))
        let code = Self.text(close, "reset_code")
        switch tunnel.end {
        // Both ended it, the client perhaps first.
        case "server ends": #expect(cause == "end_stream" && code.map { $0 == "CANCEL" } ?? true)
        // It may have ended its side before, of which its log says nothing.
        case "client resets with 0", "client resets with 8":
            #expect((cause == "rst_stream" || cause == "end_stream") && sender == "client")
            #expect(code == (tunnel.end.hasSuffix("0") ? "NO_ERROR" : "CANCEL"))
        case "client hangs up": #expect(cause == "fin" && sender == "client" && code == nil)
        case _: Issue.record("stream \(tunnel.stream): \(tunnel.end)")
        }
    }

    /// The servers did nothing wrong but to refuse; the client has left sockets without a close frame, and read late.
    private func check(findings result: Wstap.Result, _ connection: HTTP2Truth.Connection) throws {
        let findings = result.records("finding")
        for finding in findings {
            let id = try #require(Self.text(finding, "id"))
            let sender = id == "handshake-refused" ? "server" : "client"
            #expect(["handshake-refused", "close-missing", "h2-flow-control-wait"].contains(id))
            #expect(Self.text(finding, "sender") == sender, "\(id)")
        }
        let refused = result.records("handshake").filter { Self.text($0, "verdict") == "refused" }
        #expect(findings.filter { Self.text($0, "id") == "handshake-refused" }.count == refused.count)
        guard let wait = connection.waited else { return }
        let finding = try #require(findings.first { Self.text($0, "id") == "h2-flow-control-wait" })
        let milliseconds = try #require((finding["evidence"] as? Record)?["milliseconds"] as? Int)
        #expect(Double(milliseconds) / 1_000 > wait.seconds - 0.01)
        #expect(Double(milliseconds) / 1_000 < wait.seconds + 0.5)
    }

    @Test("however many threads there are, and through a pipe", arguments: HTTP2Truth.all)
    func same(truth: HTTP2Truth) throws {
        let alone = try Wstap.run(["read", "--format", "ndjson", "--threads", "1"] + truth.arguments)
        let together = try Wstap.run(["read", "--format", "ndjson", "--threads", "4"] + truth.arguments)
        #expect(together.outputBytes == alone.outputBytes)
        let capture = try Data(contentsOf: URL(fileURLWithPath: truth.arguments[0]))
        let piped = try Wstap.run(["read", "--format", "ndjson", "-"] + truth.arguments.dropFirst(), input: capture)
        #expect(piped.output.split(separator: "\n").sorted() == alone.output.split(separator: "\n").sorted())
    }

    private static let capture = Wstap.sample("http2/hypercorn.pcap")

    @Test("table, follow and stats name the stream")
    func shown() throws {
        let table = try Wstap.run(["read", Self.capture])
        #expect(table.output.contains("CONNECT h2c stream 3 localhost:8765/first?a=1"))
        #expect(table.output.contains("RST_STREAM from the client (CANCEL)"))
        let dialogue = try Wstap.run(["follow", "--connection", "4", Self.capture])
        #expect(dialogue.status == 0 && dialogue.output.contains("gone soon"))
        let numbers = try Wstap.run(["stats", Self.capture])
        #expect(numbers.status == 0 && numbers.output.contains("2 other requests"))
    }

    @Test(
        "every export of handshakes holds the sockets",
        arguments: ["har", "ndjson", "json", "html", "zeek", "zeek-json", "ecs", "elastic"])
    func exported(format: String) throws {
        let result = try Wstap.run(["export", "--to", format, "-o", "-", Self.capture])
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        for path in ["/first", "/second", "/plain"] { #expect(result.output.contains(path), "\(path)") }
    }

    @Test("those of frames hold what was said", arguments: ["csv", "tsv", "ndjson"])
    func frames(format: String) throws {
        let result = try Wstap.run(["export", "--to", format, "-o", "-", Self.capture])
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        for stream in [1, 3, 5] { #expect(result.output.contains("hello 0 on stream \(stream)")) }
    }

    @Test("so does a database")
    func database() throws {
        let folder = try TemporaryFolder()
        let file = folder.path("a.db")
        #expect(try Wstap.run(["export", "--to", "sqlite", "-o", file, Self.capture]).status == 0)
        let query = "SELECT host || path || status FROM handshakes ORDER BY connection"
        let rows = try Wstap.run(
            "/usr/bin/python3",
            [
                "-c", "import sqlite3,sys\nfor row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]): print(*row)",
                file, query,
            ])
        let expected = ["/first200", "/second200", "/forbidden403", "/second200", "/plain200"]
        #expect(rows.output.split(separator: "\n").map(String.init) == expected.map { "localhost:8765\($0)" })
    }

    @Test("a capture of one stream has the whole connection, which is said")
    func carved() throws {
        let folder = try TemporaryFolder()
        let file = folder.path("one.pcapng")
        let result = try Wstap.run(
            ["export", "--to", "pcapng", "--connection", "4", "-o", file, Self.capture])
        #expect(result.status == 0)
        #expect(result.errors == "wstap: \(file) holds all of the HTTP/2 connections that chosen streams are on\n")
        let again = try Wstap.run(["read", "--format", "ndjson", file])
        #expect(again.records("handshake").compactMap { $0["stream"] as? Int } == [3, 5, 9, 11])
    }

    @Test("Suricata's events name the stream")
    func suricata() throws {
        let result = try Wstap.run(["export", "--to", "suricata", "-o", "-", Self.capture])
        let streams = result.records.compactMap { ($0["http2"] as? [String: Int])?["stream_id"] }
        #expect(result.status == 0 && streams.count == result.records.count && Set(streams) == [1, 3, 5, 9, 11])
    }

    /// Requests as the scripts of `samples/others` make them.
    @Test("other HTTP/2 is no connection", arguments: [("grpc", 1, 23, 23), ("h2c", 9, 28, 0)])
    func ordinary(name: String, connections: Int, requests: Int, ofGRPC: Int) throws {
        let result = try Wstap.run(["read", "--format", "ndjson", Wstap.sample("others/\(name).pcap")])
        #expect(result.status == 0 && result.records.count == 1)
        let totals = result.records("summary").first?["http2"] as? [String: Int]
        #expect(totals?["connections"] == connections && totals?["websockets"] == 0)
        #expect(totals?["requests"] == requests && totals?["grpc_requests"] == ofGRPC)
    }
}
