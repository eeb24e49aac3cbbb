import Foundation
import Testing

/// Several formats that one analysis writes: each is what it is alone.
@Suite("Several exports in one run")
struct SeveralExportsTests {
    static let captures =
        Wstap.samples + [
            "conformance/message-not-utf8.pcap", "conformance/capture-midstream.pcap",
            "conformance/handshake-refused.401.pcap", "others/http.pcap",
        ]

    static let formats = [
        "ndjson", "json", "csv", "tsv", "html", "har", "ecs", "elastic", "zeek", "zeek-json", "suricata",
    ]

    @Test("each is, byte for byte, what it is alone", arguments: captures)
    func alone(name: String) throws { try compare(name, []) }

    @Test("so it is where secrets are taken out", arguments: ["chat.pcap", "refused.pcap"])
    func redacted(name: String) throws { try compare(name, ["--redact"]) }

    private func compare(_ name: String, _ options: [String]) throws {
        let folder = try TemporaryFolder()
        let exports = Self.formats.flatMap { ["--to", $0, "-o", folder.path("all.\($0)")] }
        let result = try Wstap.run(["export", Wstap.sample(name)] + options + exports)
        #expect(result.status == 0)
        #expect(options.isEmpty ? result.errors == "" : result.errors.contains("taken out"))
        for format in Self.formats {
            let path = folder.path("one")
            _ = try Wstap.run(["export", Wstap.sample(name)] + options + ["--to", format, "-o", path])
            let (one, all) = (try Data(contentsOf: .init(fileURLWithPath: path)), folder.path("all.\(format)"))
            #expect(try Data(contentsOf: .init(fileURLWithPath: all)) == one, "\(format)")
        }
    }

    @Test("a folder, a database and a capture are written beside a table")
    func others() throws {
        let folder = try TemporaryFolder()
        func path(_ name: String) -> String { folder.path(name) }
        let arguments = ["export", Wstap.sample("twenty.pcap"), "--connection", "7"]
        let result = try Wstap.run(
            arguments + ["--to", "payloads", "-o", path("all"), "--to", "sqlite", "-o", path("all.db")]
                + ["--to", "pcapng", "-o", path("all.pcapng"), "--to", "csv", "-o", "-"])
        #expect(result.status == 0)
        #expect(try Wstap.run(arguments + ["--to", "csv", "-o", "-"]).output == result.output)
        for (format, name) in [("payloads", "one"), ("sqlite", "one.db"), ("pcapng", "one.pcapng")] {
            #expect(try Wstap.run(arguments + ["--to", format, "-o", path(name)]).status == 0)
        }
        let same = try Wstap.shell(
            "cd '\(folder.url.path)' && diff -r one all && cmp one.db all.db && cmp one.pcapng all.pcapng")
        #expect(same.status == 0, "\(same.output)")
    }

    @Test("where one cannot be written, the others are, and the exit code says so")
    func failure() throws {
        let folder = try TemporaryFolder()
        let result = try Wstap.run(
            ["export", Wstap.sample("chat.pcap"), "--to", "json", "-o", "/dev/full"]
                + ["--to", "csv", "-o", folder.path("frames.csv")])
        #expect(result.status == 2 && result.errors == "wstap: /dev/full: No space left on device\n")
        let alone = try Wstap.run(["export", Wstap.sample("chat.pcap"), "--to", "csv", "-o", "-"])
        #expect(try String(contentsOfFile: folder.path("frames.csv"), encoding: .utf8) == alone.output)
    }

    @Test("a reader who has gone hides no failure")
    func readerIsGone() throws {
        let result = try Wstap.shell(
            "exec 3> >(true); wait $!; "
                + "wstap export '\(Wstap.sample("chat.pcap"))' --to csv -o - --to json -o /dev/full >&3")
        #expect(result.status == 2 && result.errors == "wstap: /dev/full: No space left on device\n")
    }

    @Test(
        "formats and outputs go in pairs, and no two have one place",
        arguments: [
            ["--to", "csv", "--to", "json", "-o", "x"], ["--to", "csv", "-o", "x", "-o", "y"],
            ["--to", "csv", "-o", "-", "--to", "json", "-o", "-"],
            ["--to", "csv", "-o", "x", "--to", "json", "-o", "./x"],
        ])
    func wrongUsage(arguments: [String]) throws {
        let folder = try TemporaryFolder()
        let line = "wstap export '\(Wstap.sample("chat.pcap"))' \(arguments.joined(separator: " "))"
        let result = try Wstap.shell("cd '\(folder.url.path)' && \(line)")
        #expect(result.status == 64 && result.output == "")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }
}
