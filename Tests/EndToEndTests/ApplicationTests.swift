import Foundation
import Testing

/// What messages say, from the capture to each output.
@Suite("What messages say")
struct ApplicationTests {
    /// Captures of real peers, by their folder in `samples`.
    static let captures = Wstap.samples + ["subprotocols", "others", "interop"].flatMap(Wstap.samples(in:))

    /// What the peers logged of a capture.
    private struct Truth: Decodable { let findings: [String] }

    /// The findings that what the peers logged confirms.
    private static func confirmed(_ name: String) throws -> Set<String> {
        guard name.hasPrefix("subprotocols/") else { return [] }
        let file = URL(fileURLWithPath: Wstap.truthPath(name))
        let truth = try JSONDecoder().decode(Truth.self, from: Data(contentsOf: file))
        return Set(truth.findings)
    }

    @Test("no finding is told that the peers' logs do not confirm", arguments: captures)
    func confirmed(name: String) throws {
        let records = try Wstap.run(["read", "--format", "ndjson", "--events", "finding", Wstap.sample(name)])
        let found = records.records("finding").compactMap { $0["id"] as? String }.filter {
            $0.hasPrefix("application-")
        }
        #expect(try Set(found) == Self.confirmed(name))
    }

    @Test("there are captures of subprotocols among many others")
    func present() { #expect(Self.captures.count > 100 && Self.captures.contains("subprotocols/mqtt.pcap")) }

    static let spoken = captures.filter { $0.hasPrefix("subprotocols/") }

    @Test("the number of threads makes no difference", arguments: spoken)
    func threads(name: String) throws {
        let one = try Wstap.run(["read", "--format", "ndjson", "--threads", "1", Wstap.sample(name)])
        for threads in ["2", "4"] {
            let more = try Wstap.run(["read", "--format", "ndjson", "--threads", threads, Wstap.sample(name)])
            #expect(one.outputBytes == more.outputBytes)
        }
        #expect(one.output.contains("\"application\":[{"))
    }

    @Test("frames and messages say the same", arguments: spoken)
    func messages(name: String) throws {
        let frames = try Wstap.run(["read", "--format", "ndjson", Wstap.sample(name)]).records("frame")
        let messages = try Wstap.run(["read", "--format", "ndjson", "--messages", Wstap.sample(name)])
            .records("message")
        let byFrames = frames.compactMap { $0["application"] as? [NSDictionary] }
        let byMessages = messages.compactMap { $0["application"] as? [NSDictionary] }
        #expect(!byFrames.isEmpty && byFrames == byMessages)
    }

    @Test("with --no-decode messages are as they were", arguments: spoken)
    func off(name: String) throws {
        let result = try Wstap.run(["read", "--format", "ndjson", "--no-decode", Wstap.sample(name)])
        #expect(result.records.allSatisfy { $0["application"] == nil })
        #expect(!result.output.contains("application-"))
    }

    /// Members of an item that are no text of the message.
    private static let silent: Set<String> = ["protocol", "kind", "error", "reply_to", "latency_seconds"]

    @Test(
        "without payloads nothing of a message is quoted",
        arguments: [["--payload", "none"], ["--redact=payload"], ["--messages", "--payload", "none"]])
    func silent(options: [String]) throws {
        for name in Self.spoken {
            let result = try Wstap.run(["read", "--format", "ndjson"] + options + [Wstap.sample(name)])
            let items = result.records.flatMap { ($0["application"] as? [[String: Any]]) ?? [] }
            #expect(!items.isEmpty && items.allSatisfy { Self.silent.isSuperset(of: $0.keys) })
        }
    }

    @Test(
        "what a protocol names as a secret is hidden everywhere",
        arguments: [("mqtt", "a secret word"), ("xmpp", "AGluZXMAYSBzZWNyZXQgd29yZA==")])
    func redacted(name: String, secret: String) throws {
        let capture = Wstap.sample("subprotocols/\(name).pcap")
        let encoded = Data(secret.utf8).base64EncodedString().dropLast(4)
        let commands =
            [["read", "-x"], ["read", "--payload", "full"], ["read", "-v", "--messages"]]
            + [["read", "--format", "ndjson"]]
            + ["csv", "har", "ecs", "html"].map { ["export", "--to", $0, "-o", "-"] }
        for command in commands {
            let open = try Wstap.run(command + [capture], environment: ["COLUMNS": "4000"]).output
            let hidden = try Wstap.run(command + ["--redact=secrets", capture], environment: ["COLUMNS": "4000"]).output
            #expect(!hidden.contains(secret) && !hidden.contains(encoded), "\(command)")
            #expect(open != hidden)
        }
    }

    @Test("a filter asks what messages say, also of their JSON")
    func filters() throws {
        let capture = Wstap.sample("subprotocols/jsonrpc.pcap")
        for (filter, count) in [
            ("app.error", 1), ("app.protocol == json-rpc", 12), ("app.name == textDocument/hover", 2),
            ("json.method == \"workspace/executeCommand\"", 1), ("json.params.uri", 0),
            ("json[\"error\"][\"code\"] == -32603", 1),
            ("app.latency > 0.06", 1), ("app.kind == notification", 2),
        ] {
            let result = try Wstap.run(["read", "--format", "ndjson", "-Y", filter, capture])
            #expect(result.records("frame").count == count, "\(filter): \(result.records("frame").count)")
        }
    }

    @Test("figures by name, type and path")
    func figures() throws {
        let capture = Wstap.sample("subprotocols/ocpp.pcap")
        for (grouping, name) in [
            ("name", "ocpp Heartbeat"), ("type", "ocpp CALLRESULT"), ("path", "127.0.0.1:8765/pier-7"),
        ] {
            let result = try Wstap.run(["stats", "--by", grouping, "--format", "json", capture])
            let figures = try JSONSerialization.jsonObject(with: result.outputBytes) as? [String: Any]
            let rows = figures?["rows"] as? [[String: Any]] ?? []
            #expect(rows.contains { $0["name"] as? String == name }, "\(rows)")
            let page = try Wstap.run(["stats", "--by", grouping, capture], environment: ["COLUMNS": "160"])
            #expect(page.output.contains(name))
        }
    }

    @Test("each line of the page of subprotocols is one that a capture gives, but for times and ids")
    func page() throws {
        let page = try String(
            contentsOf: Wstap.project.appendingPathComponent("docs/subprotocols.md"), encoding: .utf8)
        let section = try #require(page.components(separatedBy: "## How it looks").last)
        let block = section.components(separatedBy: "```")[1].split(separator: "\n")
        var shown: Set<String> = []
        for name in Self.spoken {
            let output = try Wstap.run(["read", Wstap.sample(name)]).output
            shown.formUnion(output.split(separator: "\n").map(Self.lasting))
        }
        #expect(block.count >= Self.spoken.count)
        for line in block { #expect(shown.contains(Self.lasting(line)), "\(line)") }
    }

    /// What of a row is the same whenever the capture is made anew.
    private static func lasting(_ row: Substring) -> String {
        let said = row.components(separatedBy: " … answered after").first ?? ""
        return said.split(separator: " ").dropFirst().map { word in
            word.contains { $0.isNumber } && word.contains { $0 == "-" || $0 == ":" } ? "…" : String(word)
        }
        .joined(separator: " ")
    }
}
