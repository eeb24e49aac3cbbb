import Foundation
import Testing

/// Everything that can be written of a capture full of secrets.
@Suite("Redaction")
struct RedactionTests {
    /// The commands that write to standard output.
    static let commands: [[String]] =
        [
            ["read", "--payload", "full"], ["read", "--payload", "full", "--messages"], ["read"],
            ["verify"],
        ]
        + ["json", "ndjson"].flatMap { [["read", "--format", $0], ["read", "--format", $0, "--messages"]] }
        + ["handshake", "frame", "finding", "connection"].map { ["read", "--format", "ndjson", "--events", $0] }
        + ["json", "ndjson", "junit", "sarif"].map { ["verify", "--format", $0] }
        + ["ndjson", "json", "csv", "tsv", "har", "ecs", "elastic", "zeek", "zeek-json", "suricata"].map {
            ["export", "--to", $0, "-o", "-"]
        }
    /// The formats that make files.
    static let fileFormats = ["sqlite", "payloads"]

    private func text(of arguments: [String], _ capture: String) throws -> String {
        let result = try Wstap.run(arguments + [capture], environment: ["COLUMNS": "2000"])
        #expect([0, 1].contains(result.status), "\(result.errors)")
        return result.output
    }

    /// All bytes of what an export makes, be it a file or a folder.
    private func content(of format: String, _ options: [String], _ capture: String) throws -> String {
        let folder = try TemporaryFolder()
        let path = folder.path("export")
        let result = try Wstap.run(["export", capture, "--to", format, "-o", path] + options)
        #expect(result.status == 0, "\(result.errors)")
        return String(
            decoding: try Wstap.shell("cat '\(path)' 2>/dev/null || cat '\(path)'/*").outputBytes, as: UTF8.self)
    }

    /// The secrets that a text shows, also inside of base64.
    private func shown(in text: String) -> Set<String> {
        let runs = text.split { !($0.isASCII && ($0.isLetter || $0.isNumber || "+/=".contains($0))) }
        let decoded = runs.filter { $0.count >= 12 }.compactMap { Data(base64Encoded: String($0)) }
        let all = [text] + decoded.map { String(decoding: $0, as: UTF8.self) }
        return Set(SecretCapture.secrets.filter { secret in all.contains { $0.contains(secret) } })
    }

    @Test("every secret can be seen without it")
    func unredacted() throws {
        let folder = try TemporaryFolder()
        let capture = try folder.file("secrets.pcapng", Data(SecretCapture.bytes()))
        var seen: Set<String> = []
        for command in RedactionTests.commands { seen.formUnion(shown(in: try text(of: command, capture))) }
        #expect(seen == Set(SecretCapture.secrets))
        for format in RedactionTests.fileFormats {
            #expect(shown(in: try content(of: format, [], capture)).count > 4)
        }
        let frames = try text(of: ["read", "--format", "ndjson"], capture)
        #expect(frames.contains(Data(SecretCapture.compressed()).base64EncodedString()))
    }

    @Test("no command shows a secret", arguments: commands, [[], ["payload"]])
    func everyCommand(command: [String], scope: [String]) throws {
        let folder = try TemporaryFolder()
        let capture = try folder.file("secrets.pcapng", Data(SecretCapture.bytes()))
        let text = try text(of: command + ["--redact"] + scope, capture)
        #expect(shown(in: text).isEmpty)
        #expect(!text.contains(Data(SecretCapture.compressed()).base64EncodedString()))
        #expect(!text.isEmpty)
    }

    @Test("no file shows a secret", arguments: fileFormats, [[], ["payload"]])
    func everyFile(format: String, scope: [String]) throws {
        let folder = try TemporaryFolder()
        let capture = try folder.file("secrets.pcapng", Data(SecretCapture.bytes()))
        #expect(shown(in: try content(of: format, ["--redact"] + scope, capture)).isEmpty)
    }

    @Test("what is no secret stays, and so do verdicts, findings and lengths")
    func harmless() throws {
        let folder = try TemporaryFolder()
        let capture = try folder.file("secrets.pcapng", Data(SecretCapture.bytes()))
        let plain = try Wstap.run(["read", "--format", "ndjson", capture])
        let all = try text(of: ["export", "--to", "har", "-o", "-", "--redact"], capture)
        for word in SecretCapture.harmless { #expect(all.contains(word), "\(word)") }
        for scope in [[], ["payload"]] {
            let redacted = try Wstap.run(["read", "--format", "ndjson", "--redact"] + scope + [capture])
            let facts = { (result: Wstap.Result) in
                result.records.map {
                    "\($0["type"] ?? "") \($0["verdict"] ?? "") \($0["id"] ?? "") \($0["length"] ?? "") \($0["findings"] ?? "")"
                }
            }
            #expect(facts(redacted) == facts(plain))
            for frame in redacted.records("frame") where frame["payload_encoding"] as? String == "utf8" {
                #expect((frame["payload"] as? String)?.utf8.count == frame["length"] as? Int)
            }
        }
    }

    @Test("packets cannot be redacted, and that is said")
    func packets() throws {
        let result = try Wstap.run(
            ["export", Wstap.sample("chat.pcap"), "--to", "pcapng", "-o", "/dev/null", "--redact"])
        #expect(result.status == 64)
        #expect(result.errors.contains("packets cannot be redacted"))
    }

    @Test("the option may stand before a file, and a wrong word is told")
    func option() throws {
        let file = Wstap.sample("chat.pcap")
        let plain = try Wstap.run(["read", file])
        #expect(try Wstap.run(["read", "--redact", file]).output == plain.output)
        #expect(try Wstap.run(["read", "--redact", "secrets", file]).output == plain.output)
        let blank = try Wstap.run(["read", "--redact", "payload", file])
        #expect(blank.output != plain.output && !blank.output.contains("ferry"))
        #expect(try Wstap.run(["read", "--redact=nothing", file]).status == 64)
    }
}
