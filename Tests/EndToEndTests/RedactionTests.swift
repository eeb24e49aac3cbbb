import Foundation
import TapCore
import TapTestSupport
import TapWebSocket
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

    /// A text, and behind it whatever in it may be base64, decoded.
    private func withDecoded(_ text: String) -> String {
        let runs = text.utf8.split { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): false
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): false
            case _: true
            }
        }
        let decoded = runs.filter { $0.count >= 12 }.compactMap { Data(base64Encoded: Data($0)) }
        return ([text] + decoded.map { String(decoding: $0, as: UTF8.self) }).joined(separator: "\n")
    }

    /// The secrets that a text shows, also inside of base64.
    private func shown(in text: String) -> Set<String> {
        let all = withDecoded(text)
        return Set(SecretCapture.secrets.filter { all.contains($0) })
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

    @Test(
        "no kind of secret is shown by any command",
        arguments: commands + [
            ["read", "-x"], ["read", "-v", "--payload", "full"], ["stats"], ["stats", "--by", "name"],
            ["follow", "--connection", "1"], ["follow", "--connection", "2"],
            ["follow", "--connection", "1", "--format", "raw"], ["export", "--to", "html", "-o", "-"],
            ["read", "-Y", #"websocket.payload contains "password""#, "--format", "ndjson"],
            ["stats", "--by", "type"], ["stats", "--by", "path"], ["stats", "--format", "json"],
            ["follow", "--pretty", "--connection", "1,2"],
            ["export", "--to", "csv", "--messages", "-o", "-"], ["export", "--to", "ecs", "--messages", "-o", "-"],
        ] + ["table", "json", "html"].map { ["compare", "--connections", "1,2", "--format", $0] },
        ["secrets", "payload", "addresses"])
    func kinds(command: [String], scope: String) throws {
        let folder = try TemporaryFolder()
        let capture = try folder.file("kinds.pcapng", Data(KindCapture.all))
        let result = try Wstap.run(command + ["--redact=\(scope)", capture], environment: ["COLUMNS": "2000"])
        // Of the rest of what was said a filter may hold for nothing.
        #expect([0, 1].contains(result.status), "\(result.errors)")
        #expect(result.errors.contains("taken out"), "\(result.errors)")
        #expect(KindCapture.shown(in: withDecoded(result.output) + result.errors).isEmpty)
    }

    @Test("every kind of secret can be seen without it")
    func kindsUnredacted() throws {
        let folder = try TemporaryFolder()
        let capture = try folder.file("kinds.pcapng", Data(KindCapture.all))
        let text = try text(of: ["read", "--messages", "--format", "ndjson"], capture)
        #expect(KindCapture.shown(in: text).map(\.text) == SecretKinds.all.map(\.text))
    }

    @Test("innocent texts stay as they are between secrets, in frames, fragments and compressed messages")
    func innocent() throws {
        let folder = try TemporaryFolder()
        let capture = try folder.file("kinds.pcapng", Data(KindCapture.all))
        let messages = { (options: [String]) in
            try Wstap.run(["read", "--messages", "--format", "ndjson", capture] + options).records("message")
                .compactMap { $0["payload"] as? String }
        }
        let (before, after) = (try messages([]), try messages(["--redact"]))
        #expect(before.count == after.count)
        let texts = Set(InnocentTexts.all)
        var seen: Set<String> = []
        for (before, after) in zip(before, after) {
            if texts.contains(before) {
                #expect(after == before)
                seen.insert(before)
            } else if let text = texts.first(where: { !$0.isEmpty && before.hasPrefix("\($0)\n") }) {
                // A secret stands behind it.
                #expect(after.hasPrefix("\(text)\n") && after != before, "\(after)")
            }
        }
        #expect(seen.count >= 100)
    }

    @Test("what is run for a finding, and standard error, are told no secret", .ownNetwork)
    func live() throws {
        let folder = try TemporaryFolder()
        let capture = try folder.file("kinds.pcap", Data(KindCapture.played()))
        let told = try folder.file("told", Data())
        let command = #"printf '%s\n' "$WSTAP_DETAIL" "$WSTAP_RECORD" >> '\#(told)'"#
        let played = try Wstap.played(capture, ["live", "-i", "lo", "--redact", "--on-finding", command])
        #expect(played.status == 0 && played.errors.contains("taken out"), "\(played.errors)")
        let all = try played.output + played.errors + String(contentsOfFile: told, encoding: .utf8)
        #expect(all.contains("close-abnormal"))
        #expect(KindCapture.shown(in: all).isEmpty)
    }

    @Test("no kind of secret is in a file", arguments: fileFormats + ["html"])
    func kindsInFiles(format: String) throws {
        let folder = try TemporaryFolder()
        let capture = try folder.file("kinds.pcapng", Data(KindCapture.all))
        let content = try content(of: format, ["--redact"], capture)
        #expect(KindCapture.shown(in: content).isEmpty)
    }

    @Test("how many values went is said, and what names are one's own comes from the configuration")
    func own() throws {
        let folder = try TemporaryFolder()
        let capture = try folder.file("own.pcapng", Data(KindCapture.own()))
        try FileManager.default.createDirectory(
            at: folder.url.appendingPathComponent("wstap"), withIntermediateDirectories: true)
        _ = try folder.file("wstap/config.toml", Data("redact-name = [\"customer-number\"]".utf8))
        let environment = ["XDG_CONFIG_HOME": folder.url.path, "COLUMNS": "200"]
        let plain = try Wstap.run(["read", capture], environment: environment)
        #expect(plain.output.contains("A-77") && plain.errors.isEmpty)
        let hidden = try Wstap.run(["read", "--redact", capture], environment: environment)
        #expect(!hidden.output.contains("A-77") && hidden.output.contains("customerNumber"))
        #expect(hidden.errors.contains("2 values were taken out (--redact)"), "\(hidden.errors)")
        // Who names a secret wants it to go.
        let typed = try Wstap.run(["read", "--redact-name", "room", capture])
        #expect(!typed.output.contains(#""7""#) && typed.errors.contains("2 values were taken out"))
        let none = try Wstap.run(["read", "--redact", "none", capture], environment: environment)
        #expect(none.output.contains("A-77") && none.errors.isEmpty)
    }

    @Test("a configuration may turn it on, and the command line off")
    func configured() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            at: folder.url.appendingPathComponent("wstap"), withIntermediateDirectories: true)
        _ = try folder.file("wstap/config.toml", Data("redact = true".utf8))
        let environment = ["XDG_CONFIG_HOME": folder.url.path]
        let file = Wstap.sample("chat.pcap")
        let on = try Wstap.run(["read", file], environment: environment)
        #expect(on.status == 0 && on.errors.contains("(--redact)"), "\(on.errors)")
        let carved = ["export", file, "--to", "pcapng", "-o", "-"]
        #expect(try Wstap.run(carved, environment: environment).status == 64)
        #expect(try Wstap.run(carved + ["--redact", "none"], environment: environment).status == 0)
    }

    @Test("other addresses stand for those of the capture in every output", arguments: commands)
    func addresses(command: [String]) throws {
        let folder = try TemporaryFolder()
        let capture = try folder.file("secrets.pcapng", Data(SecretCapture.bytes()))
        let text = try text(of: command + ["--redact", "addresses"], capture)
        #expect(!text.contains("192.0.2.1") && !text.contains("198.51.100.2") && shown(in: text).isEmpty)
    }

    @Test("a filter is shown without the secret in it, be it right or wrong")
    func filter() throws {
        let file = Wstap.sample("chat.pcap")
        let right = #"path contains "token=s3cr3t""#
        let shown = try Wstap.run(["read", "--redact", "--format", "ndjson", "-Y", right, file])
        #expect(shown.status == 0 && !shown.output.contains("s3cr3t") && shown.output.contains("token=******"))
        let wrong = try Wstap.run(["read", "--redact", "-Y", "pathh contains \"token=s3cr3t\"", file])
        #expect(wrong.status == 64 && !wrong.errors.contains("s3cr3t") && wrong.errors.contains("^"), "\(wrong.errors)")
    }

    @Test("protocols say where their secrets are also to what shows no messages")
    func protocols() throws {
        let capture = Wstap.sample("subprotocols/mqtt.pcap")
        let content = try content(of: "payloads", ["--redact"], capture)
        #expect(!content.contains("a secret word"))
        let raw = try Wstap.run(["follow", "--format", "raw", "--connection", "1", "--redact", capture])
        #expect(raw.status == 0 && !raw.output.contains("a secret word"))
        #expect(try Wstap.run(["read", "--redact", "--no-decode", capture]).status == 64)
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
