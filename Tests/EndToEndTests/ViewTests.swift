import Foundation
import Testing

/// `follow` and `stats`, against the records of the same captures.
@Suite("Views of a capture")
struct ViewTests {
    @Test("raw, a dialogue is what its messages hold, byte by byte", arguments: ["autobahn.pcap", "fragments.pcap"])
    func raw(sample: String) throws {
        let messages = try Wstap.run(["read", "--messages", "--format", "ndjson", Wstap.sample(sample)])
            .records("message").filter { $0["connection"] as? Int == 1 }
        #expect(messages.count > 4)
        for sender in [nil, "client", "server"] {
            var expected = Data()
            for message in messages where sender == nil || message["sender"] as? String == sender {
                let payload = try #require(message["payload"] as? String)
                let isText = message["payload_encoding"] as? String == "utf8"
                expected += isText ? Data(payload.utf8) : try #require(Data(base64Encoded: payload))
                if message["kind"] as? String == "text" { expected.append(0x0A) }
            }
            let choice = sender.map { ["--sender", $0] } ?? []
            let arguments = ["follow", "--connection", "1", "--format", "raw", Wstap.sample(sample)]
            #expect(try Wstap.run(arguments + choice).outputBytes == expected)
        }
    }

    @Test("raw messages do not go to a terminal")
    func terminal() throws {
        let run = "'\(Wstap.binary.path)' follow --format raw '\(Wstap.sample("chat.pcap"))'"
        let result = try Wstap.run("/usr/bin/script", ["-qec", run, "/dev/null"])
        #expect(result.status == 64 && result.output.contains("could act on the terminal"))
    }

    @Test("follow takes the only connection that was opened, and lists them where it cannot choose")
    func choice() throws {
        #expect(try Wstap.run(["follow", Wstap.sample("chat.pcap")]).output.contains("see you at the pier"))
        let many = try Wstap.run(["follow", Wstap.sample("twenty.pcap")])
        #expect(many.status == 64 && many.output.isEmpty)
        #expect(many.errors.contains("choose one with --connection"))
        #expect(many.errors.split(separator: "\n").count == 21)
        let wrong = try Wstap.run(["follow", "--connection", "21", Wstap.sample("twenty.pcap")])
        #expect(wrong.status == 64 && wrong.errors.contains("there is no connection 21"))
        let input = try Data(contentsOf: URL(fileURLWithPath: Wstap.sample("chat.pcap")))
        #expect(try Wstap.run(["follow", "-"], input: input).output.contains("Łucja"))
        #expect(try Wstap.run(["follow"]).status == 64 && Wstap.run(["follow", "-", "-i", "lo"]).status == 64)
        #expect(try Wstap.run(["follow", "-", "--connection", "1"], input: input).output.contains("Łucja"))
    }

    @Test("nothing of a capture acts on a terminal", arguments: HostileText.all)
    func hostile(_ hostile: HostileText) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("hostile.pcapng", Data(hostile.file))
        for view in [["follow", "--connection", "1"], ["follow", "--connection", "2"], ["stats"], ["follow"]] {
            let result = try Wstap.run(view + [path])
            #expect(!result.output.isEmpty)
            #expect(TerminalTests.harm(in: result.outputBytes + result.errorBytes) == nil, "\(view)")
        }
    }

    /// Adds up the records with another program, and compares.
    private static let check = """
        import json, sys
        from collections import Counter
        records = [json.loads(line) for line in open(sys.argv[1])]
        stats = json.load(open(sys.argv[2]))
        of = lambda kind: [record for record in records if record["type"] == kind]
        def same(what, expected, found):
            assert expected == found, f"{what}: {expected} is not {found}"
        same("summary", of("summary")[0], stats["summary"])
        connections = of("connection")
        for sender in ["client", "server"]:
            side = stats["from_" + sender]
            for name in ["frames", "messages", "payload_bytes", "text", "binary", "ping", "pong", "close"]:
                same(name, sum(c["from_" + sender][name] for c in connections), side["sent"][name])
            messages = [m for m in of("message") if m["sender"] == sender]
            lengths = sorted(m["length"] for m in messages)
            if not lengths:
                continue
            sizes = side["message_bytes"]
            same("count", len(lengths), sizes["count"])
            same("range", (lengths[0], lengths[-1]), (sizes["min"], sizes["max"]))
            same("median", lengths[(len(lengths) + 1) // 2 - 1], sizes["median"])
            for step in sizes["steps"]:
                same("step", sum(step["from"] <= n < step["below"] for n in lengths), step["count"])
            gaps = sum(max(0, n - 1) for n in Counter(m["connection"] for m in messages).values())
            same("gaps", gaps, side.get("message_gap_seconds", {"count": 0})["count"])
            packed = [m for m in messages if m.get("inflated")]
            if packed:
                same("wire", sum(m["wire_length"] for m in packed), side["compression"]["wire_bytes"])
                same("inflated", sum(m["length"] for m in packed), side["compression"]["inflated_bytes"])
            frames = sum(f["sender"] == sender for f in of("frame"))
            same("timeline", frames, sum(stats["timeline"]["frames_from_" + sender]))
        same("handshakes", len(of("handshake")), sum(r["handshakes"] for r in stats["resources"]["top"]))
        codes = Counter(c["close"]["code"] for c in connections if "code" in c["close"])
        same("codes", dict(codes), {c["code"]: c["count"] for c in stats["closes"]["codes"] if "code" in c})
        same("clean", sum(c["close"]["clean"] for c in connections), stats["closes"]["clean"])
        """

    @Test("the figures of stats are those of the records", arguments: Wstap.samples)
    func figures(sample: String) throws {
        let folder = try TemporaryFolder()
        let kinds = "handshake,frame,message,finding,connection,summary"
        let records = try Wstap.run(["read", "--format", "ndjson", "--events", kinds, Wstap.sample(sample)])
        let stats = try Wstap.run(["stats", "--format", "json", Wstap.sample(sample)])
        let result = try Wstap.run(
            "/usr/bin/python3",
            [
                "-c", ViewTests.check, try folder.file("records", records.outputBytes),
                try folder.file("stats", stats.outputBytes),
            ])
        #expect(result.status == 0, "\(result.errors)")
    }
}
