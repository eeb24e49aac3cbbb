import Foundation
import Testing

/// `--connections-where`, what a filter says of absent fields, and Wireshark's numbers.
@Suite("Connections chosen by what happened in them")
struct ConnectionChoiceTests {
    private static let proxy = Wstap.sample("nginx-proxy.pcap")

    @Test("all of a connection is shown for which a filter holds at any time", arguments: ["1", "4"])
    func all(threads: String) throws {
        let arguments = ["read", "--format", "ndjson", "--threads", threads, ConnectionChoiceTests.proxy]
        let chosen = try Wstap.run(arguments + ["--connections-where", "not close.clean"])
        let named = try Wstap.run(arguments + ["--connection", "3,4"])
        let (one, other) = (chosen.output.split(separator: "\n"), named.output.split(separator: "\n"))
        #expect(chosen.status == 0 && one.count > 8 && one.dropLast() == other.dropLast())
        let shown = try #require(chosen.records("summary").first?["shown"] as? [String: Any])
        #expect(shown["filter"] as? String == "connections where (not close.clean)")
        #expect(shown["connections"] as? Int == 2 && shown["absent"] == nil)
    }

    @Test(
        "it is chosen by any of its records, and by no field that a record cannot have",
        arguments: [
            ("message.text contains \"COCOA\"", [3, 4]), ("websocket.opcode == 8 and sender == server", [1, 2]),
            ("close.code == 1000", [1, 2]), ("not close.code == 1000", [3, 4]),
            ("not websocket.opcode == 8", [1, 2, 3, 4]),
            ("duration > 1 and path == \"/idle\"", [3, 4]), ("not origin", [1, 2, 3, 4]), ("close.code == 1011", []),
            ("finding == close-missing", [3, 4]),
        ])
    func chosen(filter: String, connections: [Int]) throws {
        for command in [
            ["read", "--format", "ndjson"], ["verify", "--format", "ndjson"], ["export", "--to", "ndjson", "-o", "-"],
        ] {
            let result = try Wstap.run(command + [ConnectionChoiceTests.proxy, "--connections-where", filter])
            let numbers = result.records("handshake").compactMap { $0["connection"] as? Int }
            #expect(numbers.sorted() == connections, "\(command): \(result.errors)")
        }
    }

    @Test("what can be read only once is refused with what to do, and a wrong filter with its place")
    func refused() throws {
        let where1000 = ["--connections-where", "close.code == 1000"]
        let input = try Data(contentsOf: URL(fileURLWithPath: ConnectionChoiceTests.proxy))
        let pipe = try Wstap.run(["read", "-"] + where1000, input: input)
        #expect(pipe.status == 64 && pipe.errors.contains("reads its input twice, which needs a file"))
        let live = try Wstap.run(["live", "-i", "lo"] + where1000)
        #expect(live.status == 64 && live.errors.contains("keep it with -w, and read the file"))
        let wrong = try Wstap.run(["read", "--connections-where", "close.cod == 1", ConnectionChoiceTests.proxy])
        #expect(wrong.status == 64 && wrong.errors.contains("did you mean close.code?"))
        let none = try Wstap.run(["read", "/nowhere"] + where1000)
        #expect(none.status == 2 && none.output.isEmpty)
    }

    @Test("the summary says for how many a filter held because a field is absent")
    func absent() throws {
        let arguments = ["read", Wstap.sample("chat.pcap")]
        let shown = try Wstap.run(arguments + ["-Y", "not close.clean"]).output
        #expect(shown.contains("23 shown because close.clean is absent"))
        let records = try Wstap.run(arguments + ["-Y", "not close.clean", "--format", "ndjson"])
        let totals = records.records("summary").first?["shown"] as? [String: Any]
        #expect(totals?["absent"] as? [String: Int] == ["close.clean": 23])
        for filter in [
            "not heartbeat", "close.clean", "close.code != 1000", "not connection == 7", "not close.clean and duration",
        ] {
            #expect(try !Wstap.run(arguments + ["-Y", filter]).output.contains("is absent"), "\(filter)")
        }
    }

    @Test("-v gives a display filter of Wireshark for each connection", arguments: Wstap.samples)
    func streams(sample: String) throws { try expectStreams(in: Wstap.sample(sample)) }

    /// To start tshark takes longer than to read many captures.
    @Test("-v gives one also in captures that were put one behind the other")
    func joined() throws {
        let all = Wstap.samples(in: "conformance").map(Wstap.sample)
        for start in stride(from: 0, to: all.count, by: 48) {
            let folder = try TemporaryFolder()
            let path = folder.path("joined.pcapng")
            let joined = try Wstap.run("/usr/bin/mergecap", ["-a", "-w", path] + all[start...].prefix(48))
            #expect(joined.status == 0, "\(joined.errors)")
            try expectStreams(in: path)
        }
    }

    private func expectStreams(in path: String) throws {
        let headings = try Wstap.run(
            ["read", "-v", "--events", "handshake", path], environment: ["COLUMNS": "400"]
        ).output.split(separator: "\n")
        let records = try Wstap.run(["read", "--format", "ndjson", "--events", "handshake", path]).records
        let theirs = try Tshark.streams(in: path)
        #expect(!records.isEmpty, "\(path)")
        for record in records {
            let number = try #require(record["connection"] as? Int)
            let packet = try #require(record["packet"] as? Int)
            let row = headings.first { $0.split(separator: " ").dropFirst().first == "#\(number)" }
            let heading = try #require(row)
            let filter = heading.components(separatedBy: " · tcp.stream == ").last
            let ours = filter.flatMap { Int($0.prefix { $0.isNumber }) }
            // In a tunnel there may be several TCP headers, of which the innermost is meant.
            #expect(ours == theirs[packet]?.last, "\(heading), packet \(packet)")
        }
    }

    @Test("pipes have no such number, and other addresses neither")
    func withoutStreams() throws {
        let input = try Data(contentsOf: URL(fileURLWithPath: ConnectionChoiceTests.proxy))
        #expect(try !Wstap.run(["read", "-v", "-"], input: input).output.contains("tcp.stream"))
        let hidden = try Wstap.run(["read", "-v", "--redact", "addresses", ConnectionChoiceTests.proxy])
        #expect(hidden.status == 0 && !hidden.output.contains("tcp.stream"))
    }
}
