import Foundation
import Testing

/// Both legs of what went through a proxy, in captures of real ones.
@Suite("Legs of an exchange")
struct LegTests {
    static let samples = ["nginx", "haproxy", "haproxy-h2", "relay", "broadcast", "same-key"]

    private static func read(_ paths: [String], _ options: [String] = []) throws -> Wstap.Result {
        try Wstap.run(["read", "--format", "ndjson"] + options + paths)
    }

    @Test("are one exchange, and nothing else is", arguments: samples)
    func exchanges(_ name: String) throws {
        let truth = try Wstap.truth(of: "legs/\(name)")
        let result = try Self.read([Wstap.sample("legs/\(name).pcap")])
        let summary = try #require(result.records("summary").first)
        let count = try #require(truth["connections"] as? Int)
        let exchanges = try #require(truth["exchanges"] as? Int)
        #expect(summary["connections"] as? Int == count && summary["exchanges"] as? Int == exchanges)
        let ends = result.records("connection").compactMap { $0["pair"] as? [String: Any] }
        let handshakes = result.records("handshake").compactMap { $0["pair"] as? [String: Any] }
        let isByKey = truth["by"] as? String == "key"
        #expect((ends + handshakes).allSatisfy { $0["by"] as? String == truth["by"] as? String })
        // What the key says both ends have; what was said is known once both have ended.
        let second = count - exchanges
        #expect(ends.count == (isByKey ? 2 : 1) * second && handshakes.count == (isByKey ? second : 0))
        #expect(ends.count { $0["ended_first"] != nil } == second)
        #expect(ends.allSatisfy { ($0["delay_seconds"] as? Double).map { $0 >= 0 && $0 < 1 } ?? false })
    }

    @Test("name each other, and the client's own is the first")
    func names() throws {
        for name in ["nginx", "haproxy"] {
            let connections = try Self.read([Wstap.sample("legs/\(name).pcap")]).records("connection")
            for connection in connections {
                let pair = try #require(connection["pair"] as? [String: Any])
                let other = try #require(
                    connections.first { $0["connection"] as? Int == pair["connection"] as? Int })
                #expect(other["connection_id"] as? String == pair["connection_id"] as? String)
                let back = try #require(other["pair"] as? [String: Any])
                #expect(back["connection"] as? Int == connection["connection"] as? Int)
                let server = try #require(connection["server"] as? [String: Any])
                #expect((pair["leg"] as? String == "first") == (server["port"] as? Int == 8080))
            }
        }
    }

    @Test("are the same with several threads, and where the capture is split", arguments: samples)
    func same(_ name: String) throws {
        let path = Wstap.sample("legs/\(name).pcap")
        let one = try Self.read([path], ["--threads", "1"])
        #expect(try Self.read([path], ["--threads", "4"]).output == one.output)
        let folder = try TemporaryFolder()
        _ = try Wstap.shell("editcap -c 11 '\(path)' '\(folder.path("part.pcap"))'")
        #expect(try Self.read([folder.url.path]).output == one.output)
    }

    @Test("count once in totals, whatever records are asked for")
    func totals() throws {
        let path = Wstap.sample("legs/nginx.pcap")
        #expect(try Self.read([path], ["--events", "summary"]).records.map { $0["exchanges"] as? Int } == [2])
        let statistics = try Wstap.run(["stats", "--format", "json", path]).records.first
        #expect((statistics?["summary"] as? [String: Any])?["exchanges"] as? Int == 2)
        #expect(try Wstap.run(["verify", path]).output.contains("\n4 handshakes · ✓ 4 valid"))
    }

    @Test("stand in the table, with the fields that were lost on the way")
    func table() throws {
        let refused = try Wstap.run(["read", Wstap.sample("nginx-errors.pcap")]).output
        #expect(refused.contains("passed on as #2 after 189 µs"))
        #expect(refused.contains("Upgrade was lost between #1 and #2"))
        let closed = try Wstap.run(["read", Wstap.sample("nginx-proxy.pcap")]).output
        #expect(closed.contains("second leg of #1") && closed.contains("#1 ended 131 µs before #2"))
        #expect(closed.contains("2 exchanges: 2 connections are second legs of a proxy"))
    }

    @Test("that a proxy cut both count once in the pattern")
    func pattern() throws {
        let table = try Wstap.run(["read", "-q", Wstap.sample("faults/idle-timeout.pcap")]).output
        #expect(table.contains("3 of 3 exchanges that were cut"))
    }
}
