import Foundation
import Testing

@Suite("Filters of the commands")
struct FilterTests {
    /// Filters that tshark understands the same way, and the samples to try them on.
    static let shared = [
        "websocket.opcode == 1", "websocket.fin == 0", "websocket.mask == 1", "websocket.rsv == 4",
        "websocket.opcode in {8, 9..10}", "websocket.payload.close.status_code == 1000",
        "websocket.payload.close.reason contains \"pier\"", "websocket.opcode == 9 or websocket.opcode == 10",
        "websocket.payload.text contains \"Kofi\" && websocket.mask == 0",
        "websocket.payload.text matches \"[0-9]{3}\"",
        "lower(websocket.payload.text) contains \"kofi\"", "websocket.masking_key and !(websocket.opcode == 1)",
        "websocket and tcp.srcport == 8765", "websocket and ip.src == 127.0.0.0/8 and tcp.dstport != 8765",
        "websocket and frame.number >= 20", "websocket and ipv6.addr == ::1", "websocket.opcode != 1",
        "websocket.payload.ping or websocket.payload.pong",
    ]
    static let captures = ["chat.pcap", "fragments.pcap", "ipv6.pcap", "node-ws.pcap", "deflate-chromium.pcap"]

    @Test(
        "tshark finds the same packets", .disabled(if: Instrumentation.isPresent, "most of it is tshark's own work"),
        arguments: captures)
    func tshark(capture: String) throws {
        let sample = Wstap.sample(capture)
        var found = 0
        for filter in FilterTests.shared {
            let theirs = try Wstap.run(
                "/usr/bin/tshark",
                ["-r", sample, "-Y", "websocket and (\(filter))", "-T", "fields", "-e", "frame.number"])
            #expect(theirs.status == 0, "\(filter): \(theirs.errors)")
            let packets = Set(theirs.output.split(separator: "\n").compactMap { Int($0) })
            let ours = try Wstap.run([
                "read", "--format", "ndjson", "-Y",
                filter.replacingOccurrences(of: "websocket and ", with: "type == frame and "),
                sample,
            ])
            #expect(ours.status == 0, "\(ours.errors)")
            #expect(Set(ours.records("frame").compactMap { $0["packet"] as? Int }) == packets, "\(filter)")
            found += packets.count
        }
        #expect(found > 10)
    }

    @Test("names that look like Wireshark's are Wireshark's")
    func names() throws {
        let page = try String(contentsOf: Wstap.project.appendingPathComponent("docs/filters.md"), encoding: .utf8)
        let fields = page.split(separator: "\n").compactMap { line -> String? in
            guard line.hasPrefix("| `"), line.contains(" | all of a connection | ") || line.contains(" | frame") else {
                return nil
            }
            return line.dropFirst(3).split(separator: "`").first.map(String.init)
        }
        let families = ["frame.", "ip.", "ipv6.", "tcp.", "vlan.", "http.", "websocket."]
        let likeTheirs = fields.filter { field in families.contains { field.hasPrefix($0) } }
        let known = try Wstap.run("/usr/bin/tshark", ["-G", "fields"]).output.split(separator: "\n").compactMap {
            line in
            line.hasPrefix("F") ? line.split(separator: "\t").dropFirst(2).first.map(String.init) : nil
        }
        let ours: Set = ["websocket.number", "websocket.rsv1", "websocket.rsv2", "websocket.rsv3"]
        #expect(likeTheirs.count > 40)
        #expect(Set(likeTheirs).subtracting(known) == ours)
    }

    @Test(
        "the simple options are filters",
        arguments: [
            (["--connection", "3"], "connection in {3}"),
            (["--connection", "1,4-6"], "connection in {1, 4..6}"),
            (["--host", "127.0.0.1"], "host contains \"127.0.0.1\""),
            (["--path", "/rooms"], "path contains \"/rooms\""),
            (["--sender", "client"], "sender == client"),
            (["--grep", "kraków"], "lower(message.text) contains \"kraków\""),
            (["--grep", "Kraków"], "message.text contains \"Kraków\""),
            (["--findings-only"], "finding"),
            (["--hide", "heartbeat"], "not heartbeat or finding"),
            (["--sender", "client", "-Y", "message"], "message and sender == client"),
        ])
    func simple(options: [String], filter: String) throws {
        let arguments = ["read", "--format", "ndjson", Wstap.sample("twenty.pcap")]
        let simple = try Wstap.run(arguments + options)
        #expect(simple.status == 0, "\(simple.errors)")
        #expect(simple.output == (try Wstap.run(arguments + ["-Y", filter])).output)
        let shown = try #require(simple.records("summary").first?["shown"] as? [String: Any])
        #expect(shown["filter"] as? String == filter)
        #expect(shown["frames"] as? Int == simple.records("frame").count)
        #expect(shown["connections"] as? Int == simple.records("handshake").count)
    }

    @Test("--grep finds messages, also where permessage-deflate or fragments hide the text")
    func grep() throws {
        let arguments = ["read", "--format", "ndjson", "--grep", "over the whole strait"]
        #expect(try Wstap.run(arguments + [Wstap.sample("chat.pcap")]).records("frame").count == 1)
        let inflated = try Wstap.run([
            "read", "--format", "ndjson", "--messages", Wstap.sample("deflate-chromium.pcap"),
        ])
        let text = try #require(
            inflated.records("message").first { $0["compressed"] as? Bool == true && $0["kind"] as? String == "text" }?[
                "payload"] as? String)
        let found = try Wstap.run(["read", "--format", "ndjson", "--grep", text, Wstap.sample("deflate-chromium.pcap")])
        #expect(!found.records("frame").isEmpty)
        #expect(found.records("frame").allSatisfy { $0["rsv1"] as? Bool == true })
    }

    @Test("-q tells handshakes, findings and ends only", arguments: ["table", "ndjson"])
    func quiet(format: String) throws {
        let sample = Wstap.sample("conformance/frame-client-unmasked.pcap")
        let result = try Wstap.run(["read", "-q", "--format", format, sample])
        #expect(result.output.contains("frame-client-unmasked"))
        #expect(result.records("frame").isEmpty && !result.output.contains("No mask"))
    }

    @Test("verify reports what is shown, and exits with what was found about that")
    func verify() throws {
        let sample = Wstap.sample("wrong-accept.pcap")
        #expect(try Wstap.run(["verify", "--connection", "1", sample]).status == 1)
        let warnings = try Wstap.run(["verify", "-Y", "severity < error", sample])
        #expect(warnings.status == 0)
        #expect(warnings.output.contains("\nshown       0 of 2 connections · 0 of 2 findings · filter: severity < "))
        for format in ["json", "ndjson", "junit", "sarif"] {
            let one = try Wstap.run(["verify", "--connection", "2", "--format", format, sample])
            #expect(one.status == 1)
            #expect(!one.output.contains("\"connection\":1,") && !one.output.contains("#1 "))
        }
    }

    @Test("export writes what the filter holds for")
    func export() throws {
        let arguments = ["export", "-o", "-", "-Y", "websocket.opcode == ping", Wstap.sample("chat.pcap"), "--to"]
        let lines = try Wstap.run(arguments + ["csv"]).output.split(separator: "\r\n")
        #expect(lines.count == 2)
        #expect(lines.last?.contains(",ping,") == true)
        #expect(try Wstap.run(arguments + ["ndjson"]).records("frame").count == 1)
    }

    @Test(
        "a filter that makes no sense is wrong usage, with a mark at the spot",
        arguments: [
            ("websocket.opcod == 1", "did you mean websocket.opcode?", "  ^^^^^^^^^^^^^^^"),
            ("finding and", "a field is missing", "             ^"),
            ("path == 'ü\u{1B}' x", "belongs before this", "                  ^"),
        ])
    func wrong(filter: String, reason: String, mark: String) throws {
        for command in [["read"], ["verify"], ["export", "--to", "csv", "-o", "-"]] {
            let result = try Wstap.run(command + ["-Y", filter, Wstap.sample("chat.pcap")])
            #expect(result.status == 64)
            #expect(result.output.isEmpty)
            let lines = result.errors.split(separator: "\n").map(String.init)
            #expect(lines.count == 3 && lines[0].contains(reason) && lines[2] == mark, "\(result.errors)")
            #expect(!result.errors.contains("\u{1B}"))
        }
        #expect(try Wstap.run(["live", "-i", "lo", "--count", "1", "-Y", filter]).status == 64)
    }

    @Test(
        "who asks for a connection that is not there is told how many there are",
        arguments: ["read", "verify", "stats"])
    func absent(command: String) throws {
        let run = { try Wstap.run([command, "--connection", $0, Wstap.sample("twenty.pcap")]) }
        #expect(try run("19-20,99,7").errors == "wstap: there is no connection 99: the last one is 20\n")
        #expect(try run("19-99").errors.isEmpty)
        let accepting = command == "verify" ? ["--allow-empty"] : []
        let none = try Wstap.run([command, "--connection", "1", Wstap.sample("others/http.pcap")] + accepting)
        #expect(none.errors == "wstap: there is no connection 1: there are none\n" && none.status == 0)
    }

    @Test("--grep shows where the text stands")
    func excerpt() throws {
        let arguments = ["read", "--messages", "--events", "message", Wstap.sample("lossy.pcap"), "--color", "never"]
        let rows = try Wstap.run(
            arguments + ["--grep", "LINE 17 of page 4".lowercased()], environment: ["COLUMNS": "80"])
        #expect(rows.output.contains("Zoë: line 17 of page 4") && rows.output.contains("  …"))
    }

    @Test(
        "other nonsense is wrong usage too",
        arguments: [["--connection", "0"], ["--connection", "5-2"], ["--hide", "x"]])
    func usage(options: [String]) throws {
        #expect(try Wstap.run(["read", Wstap.sample("chat.pcap")] + options).status == 64)
    }
}
