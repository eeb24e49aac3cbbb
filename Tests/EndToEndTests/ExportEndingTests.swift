import Foundation
import Testing

@Suite("Exports whose file tells the format")
struct ExportEndingTests {
    @Test(
        "are what --to writes",
        arguments: [
            ("a.ndjson", "ndjson"), ("a.jsonl", "ndjson"), ("a.json", "json"), ("a.csv", "csv"), ("a.tsv", "tsv"),
            ("b.a.html", "html"), ("a.HTM", "html"), ("a.har", "har"), ("a.pcapng", "pcapng"), ("a.db", "sqlite"),
            ("a.sqlite", "sqlite"), ("a.sqlite3", "sqlite"), ("a.part", "parts"),
        ])
    func ending(name: String, format: String) throws {
        let folder = try TemporaryFolder()
        let (told, typed) = (folder.path(name), folder.path("typed"))
        let sample = Wstap.sample("chat.pcap")
        #expect(try Wstap.run(["export", sample, "-o", told]).status == 0)
        #expect(try Wstap.run(["export", sample, "--to", format, "-o", typed]).status == 0)
        let same = try Wstap.shell("cmp '\(told)' '\(typed)'")
        #expect(same.status == 0, "\(same.output)")
    }

    @Test(
        "need one that names a format, and none where a format is typed",
        arguments: [
            ["-o", "a"], ["-o", "a.txt"], ["-o", "-"], ["-o", "csv"], ["-o", ".csv"], ["-o", "a.csv/b"], [],
            ["--to", "csv"], ["-o", "a.csv", "-o", "b.html", "--to", "csv"], ["-o", "a.csv", "-o", "b"],
        ])
    func none(arguments: [String]) throws {
        let folder = try TemporaryFolder()
        let command =
            "cd '\(folder.url.path)' && wstap export '\(Wstap.sample("chat.pcap"))' "
            + arguments.joined(separator: " ")
        let result = try Wstap.shell(command)
        #expect(result.status == 64)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
        if !arguments.contains("--to") { #expect(result.errors.contains("formats: ndjson, json, csv")) }
    }

    @Test(
        "and --events or --messages are refused where no format takes them",
        arguments: [
            ("har", "--events=frame"), ("html", "--events=frame"), ("csv", "--events=frame"),
            ("zeek", "--events=frame"),
            ("pcapng", "--events=frame"), ("har", "--messages"), ("sqlite", "--messages"), ("html", "--messages"),
        ])
    func refused(format: String, option: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("out")
        let result = try Wstap.run(["export", Wstap.sample("chat.pcap"), "--to", format, "-o", path, option])
        let name = option.prefix { $0 != "=" }
        #expect(result.status == 64 && result.errors.contains("\(name) goes with --to"), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: path))
        let several = ["export", Wstap.sample("chat.pcap"), "--to", format, "-o", path, "--to", "ndjson", "-o", "-"]
        // Another format of the same run takes it.
        if format != "pcapng" { #expect(try Wstap.run(several + [option]).status == 0) }
    }

    @Test("go together")
    func several() throws {
        let folder = try TemporaryFolder()
        let paths = ["a.csv", "a.html", "a.db"].map(folder.path)
        let result = try Wstap.run(["export", Wstap.sample("chat.pcap")] + paths.flatMap { ["-o", $0] })
        #expect(result.status == 0)
        for path in paths { #expect(FileManager.default.fileExists(atPath: path)) }
    }
}
