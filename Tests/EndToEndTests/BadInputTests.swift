import Foundation
import Testing

@Suite("Inputs that cannot be read")
struct BadInputTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let content: Data
        let error: String
    }

    static let chat = (try? Data(contentsOf: URL(fileURLWithPath: Wstap.sample("chat.pcap")))) ?? Data()

    static let cases: [Case] = [
        Case(testDescription: "an empty file", content: Data(), error: "empty"),
        Case(
            testDescription: "a PNG",
            content: Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Array(repeating: 7, count: 90)),
            error: "not a capture file"),
        Case(testDescription: "a file cut in its header", content: chat.prefix(20), error: "at byte"),
        Case(testDescription: "a file cut in a packet's header", content: chat.prefix(24 + 9), error: "at byte 24"),
        Case(
            testDescription: "a gzip file cut at once", content: Data([0x1F, 0x8B, 8, 0, 0]),
            error: "cut off in the middle of gzip data at byte 5"),
        Case(testDescription: "a file cut in a packet", content: chat.prefix(24 + 16 + 30), error: "at byte 24"),
    ]

    @Test("give one clear line and exit code 2", arguments: cases)
    func badFile(_ bad: Case) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("bad.pcap", bad.content)
        let result = try Wstap.run(["read", path])
        #expect(result.status == 2)
        #expect(result.errors.contains(bad.error), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1)
        #expect(result.errors.contains("bad.pcap"))
    }

    @Test("a missing path gives one clear line and exit code 2")
    func missing() throws {
        let result = try Wstap.run(["read", "/nowhere/at-all.pcap"])
        #expect(result.status == 2)
        #expect(result.errors == "wstap: /nowhere/at-all.pcap: no such file\n")
    }

    @Test("a directory without captures gives one clear line and exit code 2")
    func directory() throws {
        let folder = try TemporaryFolder()
        let result = try Wstap.run(["read", folder.url.path])
        #expect(result.status == 2)
        #expect(result.errors.contains("no capture file in this directory"))
        #expect(result.errors.split(separator: "\n").count == 1)
    }

    @Test("everything before the damage is reported", arguments: [400, 1_500, 3_000, 5_000])
    func prefix(length: Int) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("cut.pcap", BadInputTests.chat.prefix(length))
        let whole = try Wstap.run(["read", "--format", "ndjson", "--events", "frame", Wstap.sample("chat.pcap")])
        let cut = try Wstap.run(["read", "--format", "ndjson", "--events", "frame", path])
        #expect(cut.status == 2)
        #expect(whole.output.hasPrefix(cut.output))
    }

    @Test("of several files, those that can be read are")
    func several() throws {
        let result = try Wstap.run([
            "read", "--format", "ndjson", "--events", "summary", "/nowhere.pcap", Wstap.sample("chat.pcap"),
        ])
        #expect(result.status == 2)
        #expect(result.records("summary").first?["connections"] as? Int == 1)
    }

    @Test("control characters in a file's name never reach the terminal")
    func hostileName() throws {
        let result = try Wstap.run(["read", "/nowhere/\u{1B}[31mred\u{7}.pcap"])
        #expect(result.status == 2)
        #expect(!result.errors.contains("\u{1B}") && !result.errors.contains("\u{7}"))
    }
}
