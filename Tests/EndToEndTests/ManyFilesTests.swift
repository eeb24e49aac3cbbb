import Foundation
import Testing

@Suite("Many files")
struct ManyFilesTests {
    /// A sample with a file for each packet.
    private static func rotated() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let capture = try Data(contentsOf: URL(fileURLWithPath: Wstap.sample("twenty.pcap")))
        var (offset, number) = (24, 10_000)
        while offset < capture.count {
            let length = capture[offset + 8..<offset + 12].reversed().reduce(0) { $0 << 8 | Int($1) }
            let record = capture[offset..<offset + 16 + length]
            _ = try folder.file("ring_\(number).pcap", capture.prefix(24) + record)
            (offset, number) = (offset + 16 + length, number + 1)
        }
        return folder
    }

    @Test("are one capture in time order, with fewer files open than there are, by folder and by pattern")
    func fewOpen() throws {
        let folder = try Self.rotated()
        let whole = try Wstap.run(["read", "--format", "ndjson", Wstap.sample("twenty.pcap")])
        for paths in ["'\(folder.url.path)'", "'\(folder.path("ring_*.pcap"))'", "\(folder.path("ring_*.pcap"))"] {
            let result = try Wstap.shell("ulimit -n 20; wstap read --format ndjson \(paths)")
            #expect(result.errors.isEmpty && result.status == 0)
            #expect(result.output == whole.output)
        }
    }

    @Test("a pattern that matches nothing is named as it is")
    func nothing() throws {
        let result = try Wstap.run(["read", "/nonexistent/*.pcap"])
        #expect(result.status == 2)
        #expect(result.errors == "wstap: /nonexistent/*.pcap: no such file\n")
    }

    @Test("comments are shown where they stand, escaped")
    func comments() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("commented.pcapng")
        let edited = try Wstap.run(
            "/usr/bin/editcap",
            ["-a", "5:one \u{1B}[2J two", "--capture-comment", "on all", Wstap.sample("chat.pcap"), path])
        #expect(edited.status == 0, "\(edited.errors)")
        let table = try Wstap.run(["read", path]).output
        #expect(table.contains("comment on the capture: on all\n"))
        #expect(table.contains("comment on packet 5: one \\x1b[2J two\n"))
        let records = try Wstap.run(["read", "--format", "ndjson", path]).records("comment")
        #expect(records.map { $0["text"] as? String } == ["on all", "one \u{1B}[2J two"])
        #expect(records.map { $0["packet"] as? Int } == [nil, 5])
    }
}
