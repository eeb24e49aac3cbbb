import Foundation
import Testing

/// Captures of WebSocket in streams of HTTP/3 against what the client logged.
@Suite("WebSocket over HTTP/3, compared with what the client logged")
struct HTTP3SampleTests {
    private typealias Record = [String: Any]

    @Test("there are captures of each kind")
    func count() {
        #expect(HTTP3Truth.whole.count >= 15 && HTTP3Truth.all.count >= 21 && HTTP3Truth.foreign.count >= 3)
    }

    private static func text(_ record: Record?, _ name: String) -> String? { record?[name] as? String }

    @Test("each socket is on its stream, with its head, its bytes and its end", arguments: HTTP3Truth.whole)
    func sockets(truth: HTTP3Truth) throws {
        let result = try Wstap.run(["read", "--format", "ndjson", truth.capture])
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        let handshakes = result.records("handshake")
        #expect(handshakes.count == truth.tunnels.count && result.records("tls").isEmpty)
        for connection in truth.connections {
            for tunnel in connection.tunnels {
                let handshake = try #require(
                    handshakes.first {
                        $0["stream"] as? Int == tunnel.stream
                            && ($0["client"] as? Record)?["port"] as? Int == connection.clientPort
                    })
                check(handshake, tunnel, connection)
                guard tunnel.status == 200 else { continue }
                check(result, try #require(handshake["connection"] as? Int), tunnel)
            }
        }
        let summary = try #require(result.records("summary").first)
        let totals = try #require(summary["http3"] as? [String: Int])
        #expect(totals["connections"] == truth.connections.count && totals["websockets"] == truth.tunnels.count)
        #expect(totals["requests"] == truth.connections.reduce(0) { $0 + $1.requests })
        #expect((summary["quic"] as? Record)?["read"] as? Int == truth.connections.count)
        let findings = result.records("finding").compactMap { Self.text($0, "id") }
        #expect(Set(findings).isSubset(of: ["handshake-refused", "close-missing"]), "\(findings)")
    }

    private func check(_ handshake: Record, _ tunnel: HTTP2Truth.Tunnel, _ connection: HTTP3Truth.Connection) {
        let (request, response) = (handshake["request"] as? Record, handshake["response"] as? Record)
        #expect(Self.text(handshake, "transport") == "h3")
        #expect(Self.text(handshake, "verdict") == (tunnel.status == 200 ? "valid" : "refused"))
        #expect((handshake["client"] as? Record)?["port"] as? Int == connection.clientPort)
        #expect(Self.text(request, "method") == "CONNECT" && Self.text(request, "version") == "HTTP/3")
        #expect(Self.text(request, "target") == tunnel.path && response?["status"] as? Int == tunnel.status)
        #expect(Self.text(response, "protocol") == tunnel.subprotocol)
        let tls = handshake["tls"] as? Record
        #expect(Self.text(tls, "cipher") == "TLS_\(connection.cipher)" && Self.text(tls, "alpn") == "h3")
        #expect(Self.text(tls, "server_name") == "shop.example" && Self.text(tls, "keys") == "capture")
    }

    /// What became of a socket that was agreed on.
    private func check(_ result: Wstap.Result, _ number: Int, _ tunnel: HTTP2Truth.Tunnel) {
        tunnel.checkBytes(of: number, in: result)
        let connection = result.records("connection").first { $0["connection"] as? Int == number }
        #expect(connection?["stream"] as? Int == tunnel.stream && Self.text(connection, "transport") == "h3")
        let close = connection?["close"] as? Record
        let cause = Self.text(close, "ended_by")
        switch tunnel.end {
        case "server ends": #expect(cause == "end_stream")
        case "client resets with 268":
            #expect(cause == "rst_stream" && Self.text(close, "reset_code") == "H3_REQUEST_CANCELLED")
        case "client stops with 268":
            #expect(cause == "rst_stream" && Self.text(close, "ended_by_sender") == "client")
            #expect(Self.text(close, "reset_code") == "H3_REQUEST_CANCELLED")
        case "server resets with 258":
            #expect(cause == "rst_stream" && Self.text(close, "ended_by_sender") == "server")
            #expect(Self.text(close, "reset_code") == "H3_INTERNAL_ERROR")
        case "client closes": #expect(cause == "quic_close" && Self.text(close, "ended_by_sender") == "client")
        case _: Issue.record("stream \(tunnel.stream): \(tunnel.end)")
        }
    }

    @Test("however many threads there are, and through a pipe", arguments: HTTP3Truth.all)
    func same(truth: HTTP3Truth) throws {
        let alone = try Wstap.run(["read", "--format", "ndjson", "--threads", "1", truth.capture])
        let together = try Wstap.run(["read", "--format", "ndjson", "--threads", "4", truth.capture])
        #expect(together.outputBytes == alone.outputBytes)
        let capture = try Data(contentsOf: URL(fileURLWithPath: truth.capture))
        let piped = try Wstap.run(["read", "--format", "ndjson", "-"], input: capture)
        #expect(piped.output.split(separator: "\n").sorted() == alone.output.split(separator: "\n").sorted())
    }

    private func named(_ name: String) throws -> HTTP3Truth { try #require(HTTP3Truth.all.first { $0.name == name }) }

    @Test("without keys a connection is named, and nothing is said of sockets")
    func unread() throws {
        let result = try Wstap.run(["read", "--format", "ndjson", try named("hypercorn-no-keys").capture])
        let records = result.records("tls")
        #expect(result.status == 0 && result.records("handshake").isEmpty && records.count == 1)
        let record = try #require(records.first)
        #expect(Self.text(record, "reason") == "no-key" && Self.text(record, "server_name") == "shop.example")
        #expect(Self.text(record, "transport") == "quic" && record["offered_alpn"] as? [String] == ["h3"])
        let table = try Wstap.run(["read", try named("hypercorn-no-keys").capture])
        #expect(table.output.contains("1 QUIC connection to 127.0.0.1:8765 (shop.example, h3): no keys"))
    }

    @Test("where the handshake was not captured, the secret is found by trying")
    func late() throws {
        let truth = try named("hypercorn-late")
        let result = try Wstap.run(["read", "--format", "ndjson", truth.capture])
        let handshakes = result.records("handshake")
        #expect(result.status == 0 && handshakes.count == 2)
        for handshake in handshakes {
            #expect(Self.text(handshake, "verdict") == "midstream" && Self.text(handshake, "transport") == "h3")
            #expect(Self.text(handshake["tls"] as? Record, "keys") == "search")
            let stream = try #require(handshake["stream"] as? Int)
            #expect(truth.tunnels.contains { $0.stream == stream })
        }
        let findings = result.records("finding").compactMap { Self.text($0, "id") }
        #expect(findings.allSatisfy { $0.hasPrefix("capture-") }, "\(findings)")
    }

    @Test("a datagram that the capture lacks costs its frames, and accuses nobody")
    func lost() throws {
        let truth = try named("hypercorn-lost")
        let result = try Wstap.run(["read", "--format", "ndjson", truth.capture])
        #expect(result.records("handshake").count == truth.tunnels.count)
        #expect(result.records("handshake").allSatisfy { Self.text($0, "verdict") == "valid" })
        let findings = result.records("finding").compactMap { Self.text($0, "id") }
        #expect(findings.allSatisfy { $0.hasPrefix("capture-") }, "\(findings)")
        #expect(findings.contains("capture-bytes-missing"))
    }

    @Test("what speaks something else is no connection, and is named", arguments: HTTP3Truth.foreign)
    func foreign(truth: HTTP3Truth) throws {
        let result = try Wstap.run(["read", "--format", "ndjson", truth.capture])
        #expect(result.status == 0 && result.errors.isEmpty)
        #expect(result.records("handshake").isEmpty && result.records("connection").isEmpty)
        #expect(result.records("finding").isEmpty && result.records("tls").isEmpty)
        let quic = result.records("summary").first?["quic"] as? Record
        #expect(quic?["connections"] as? Int == truth.others?.count)
        let others = quic?["other_alpn"] as? [String: Int] ?? [:]
        for (name, count) in others {
            #expect(truth.others?.count { $0.alpn == name } == count)
            let table = try Wstap.run(["read", truth.capture])
            #expect(table.output.contains("without HTTP/3 (\(name))"))
        }
        #expect(others.values.reduce(0, +) == truth.others?.count { $0.alpn != "h3" } ?? 0)
    }

    @Test("DNS over QUIC is named without keys, too")
    func unreadDNS() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("no-keys.pcapng")
        let capture = try #require(try StoredCapture(path: Wstap.sample("http3/dns-over-quic.pcapng")))
        try capture.withoutSecrets.write(to: URL(fileURLWithPath: path))
        let result = try Wstap.run(["read", path])
        #expect(result.status == 0 && result.output.contains("2 QUIC connections to 127.0.0.1:853 (doq): no keys"))
        let verified = try Wstap.run(["verify", path])
        #expect(verified.status == 3 && verified.output.contains("2 connections are QUIC"))
        #expect(verified.output.contains("2 QUIC connections to 127.0.0.1:853 (doq): no keys"))
    }

    @Test("a refusal that its client could not accept is told with what was wrong with it")
    func forbidden() throws {
        let result = try Wstap.run(["read", "--format", "ndjson", try named("hypercorn-forbidden").capture])
        let handshake = try #require(result.records("handshake").first)
        #expect(
            Self.text(handshake, "verdict") == "refused" && (handshake["response"] as? Record)?["status"] as? Int == 403
        )
        let finding = try #require(result.records("finding").first { Self.text($0, "id") == "h2-connection-field" })
        #expect(Self.text(finding, "sender") == "server")
        #expect((finding["evidence"] as? Record)?["rule"] as? String == "RFC 9114 §4.2")
    }

    @Test("early data, and what follows from a client that comes back, are read")
    func early() throws {
        let result = try Wstap.run(["read", "--format", "ndjson", try named("aioquic-early").capture])
        let again = try #require(result.records("handshake").last)
        // The first packet of that connection holds the request.
        let request = try #require(again["request"] as? Record)
        let (asked, answered) = (request["packet"] as? Int, (again["response"] as? Record)?["packet"] as? Int)
        #expect(Self.text(request, "target") == "/again" && asked ?? 0 < answered ?? 0)
    }

    private static let capture = Wstap.sample("http3/hypercorn.pcapng")

    @Test("table, follow, stats and filters name the stream")
    func shown() throws {
        let table = try Wstap.run(["read", Self.capture])
        #expect(
            table.output.contains("CONNECT h3 stream 4 shop.example") || table.output.contains("CONNECT h3 stream 4"))
        #expect(table.output.contains("RESET_STREAM from the client (H3_REQUEST_CANCELLED)"))
        let dialogue = try Wstap.run(["follow", "--connection", "1", Self.capture])
        #expect(dialogue.status == 0 && dialogue.output.contains("hello on /first"))
        let filtered = try Wstap.run(["read", "--format", "ndjson", "-Y", "transport == h3", Self.capture])
        #expect(filtered.records("handshake").count == 2)
    }

    @Test("a capture of one stream has the whole connection with its secrets, wherever the client migrated from")
    func carved() throws {
        let folder = try TemporaryFolder()
        let file = folder.path("one.pcapng")
        let result = try Wstap.run(["export", "--to", "pcapng", "--connection", "1", "-o", file, Self.capture])
        #expect(result.status == 0)
        #expect(result.errors.contains("holds all of the HTTP/3 connections that chosen streams are on"))
        let again = try Wstap.run(["read", "--format", "ndjson", file])
        #expect(again.records("handshake").compactMap { $0["stream"] as? Int } == [4, 8])
    }

    @Test("exports say that it is UDP, and which stream", arguments: ["ecs", "suricata", "har", "csv", "zeek", "html"])
    func exported(format: String) throws {
        let result = try Wstap.run(["export", "--to", format, "-o", "-", Self.capture])
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        #expect(!result.output.isEmpty && !result.output.contains("\"TCP\"") && !result.output.contains("\"tcp\""))
    }
}
