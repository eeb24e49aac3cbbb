import Foundation
import Testing

@Suite("Key logs, as users give them")
struct KeyLogTests {
    private static let capture = Wstap.sample("tls/no-key.pcapng")
    private static let log = Wstap.sample("tls/no-key.keylog")
    /// Captures whose key log is beside them. The hello of the second one is encrypted: its log has another random.
    private static let names = ["no-key", "ech-no-key"]

    private static func frames(_ result: Wstap.Result) -> Int { result.records("frame").count }

    @Test("a log opens what it is for, and one by the environment says so")
    func given() throws {
        let without = try Wstap.run(["read", "--format", "ndjson", Self.capture])
        #expect(Self.frames(without) == 0 && without.errors.isEmpty)
        let with = try Wstap.run(["read", "--format", "ndjson", "--keylog", Self.log, Self.capture])
        #expect(Self.frames(with) > 5 && with.errors.isEmpty)
        let variable = ["SSLKEYLOGFILE": Self.log]
        let named = try Wstap.run(["read", "--format", "ndjson", Self.capture], environment: variable)
        #expect(named.outputBytes == with.outputBytes)
        #expect(named.errors == "wstap: TLS keys come from $SSLKEYLOGFILE, \(Self.log)\n")
        let refused = try Wstap.run(["read", "--format", "ndjson", "--no-keylog", Self.capture], environment: variable)
        #expect(refused.outputBytes == without.outputBytes && refused.errors.isEmpty)
    }

    @Test("one that cannot be opened is an error, but not where only the environment names it")
    func unreadable() throws {
        #expect(try Wstap.run(["read", "--keylog", "/nonexistent", Self.capture]).status == 2)
        #expect(try Wstap.run(["read", "--keylog", "/", Self.capture]).status == 64)
        #expect(try Wstap.run(["read", "--keylog", Self.log, "--no-keylog", Self.capture]).status == 64)
        let named = try Wstap.run(["read", Self.capture], environment: ["SSLKEYLOGFILE": "/nonexistent"])
        #expect(named.status == 0 && named.errors.contains("$SSLKEYLOGFILE, /nonexistent: no such file"))
    }

    @Test("a log that is a pipe is read without waiting for more")
    func pipe() throws {
        let result = try Wstap.shell(
            "wstap read --format ndjson --keylog <(cat '\(Self.log)'; sleep 0.2) '\(Self.capture)'")
        #expect(result.status == 0)
    }

    @Test("keys that come while packets do are waited for", arguments: names)
    func following(name: String) throws {
        let folder = try TemporaryFolder()
        let log = try folder.file("keys.log", Data())
        let (capture, keys) = (Wstap.sample("tls/\(name).pcapng"), Wstap.sample("tls/\(name).keylog"))
        let whole = try Wstap.run(["read", "--format", "ndjson", "--keylog", keys, capture])
        #expect(Self.frames(whole) > 5)
        let late = try Wstap.shell(
            "(cat '\(capture)'; cat '\(keys)' > '\(log)') | wstap read --format ndjson --keylog '\(log)' -")
        #expect(late.status == 0)
        #expect(Set(late.output.split(separator: "\n")) == Set(whole.output.split(separator: "\n")))
    }

    @Test("a capture is handed on with the secrets of its connections, and no others", arguments: names)
    func handedOn(name: String) throws {
        let folder = try TemporaryFolder()
        let (capture, keys) = (Wstap.sample("tls/\(name).pcapng"), Wstap.sample("tls/\(name).keylog"))
        let (log, path) = (folder.path("keys.log"), folder.path("send.pcapng"))
        let other = String(repeating: "ab", count: 32)
        var lines = try String(contentsOfFile: keys, encoding: .utf8)
        lines += "CLIENT_TRAFFIC_SECRET_0 \(other) \(other)\n"
        try Data(lines.utf8).write(to: URL(fileURLWithPath: log))
        let export = ["export", capture, "--to", "pcapng", "-o", path]
        let result = try Wstap.run(export + ["--keylog", log])
        #expect(result.errors.contains("secrets of 1 connection are in \(path)"), "\(result.errors)")
        #expect(try Self.frames(Wstap.run(["read", "--format", "ndjson", path])) > 5)
        #expect(try !String(decoding: Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self).contains(other))
        let none = try Wstap.run(export + ["--keylog", log, "--secrets", "none"])
        #expect(none.errors.isEmpty)
        #expect(try Self.frames(Wstap.run(["read", "--format", "ndjson", path])) == 0)
        let variable = ["SSLKEYLOGFILE": log]
        _ = try Wstap.run(export, environment: variable)
        #expect(try Self.frames(Wstap.run(["read", "--format", "ndjson", path])) == 0)
    }

    @Test("no report shows a secret", arguments: ["ndjson", "json", "csv", "html", "har", "ecs", "zeek", "suricata"])
    func hidden(format: String) throws {
        let lines = try String(contentsOfFile: Self.log, encoding: .utf8).split(separator: "\n")
        let secrets = lines.filter { !$0.hasPrefix("#") }.compactMap { $0.split(separator: " ").last.map(String.init) }
        try #require(!secrets.isEmpty)
        let result = try Wstap.run(["export", "--keylog", Self.log, Self.capture, "--to", format, "-o", "-"])
        #expect(result.status == 0 && !result.output.isEmpty)
        for secret in secrets { #expect(!result.output.lowercased().contains(secret.lowercased())) }
    }
}
