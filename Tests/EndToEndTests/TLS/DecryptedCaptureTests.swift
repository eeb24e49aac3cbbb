import Foundation
import Testing

/// `export --to pcapng --decrypted`: connections without the TLS that they were read through.
@Suite("Captures in which TLS is gone")
struct DecryptedCaptureTests {
    private static func export(
        _ path: String, _ folder: TemporaryFolder, _ options: [String] = []
    ) throws -> (path: String, errors: String) {
        let output = folder.path("plain.pcapng")
        let result = try Wstap.run(["export", path, "--to", "pcapng", "--decrypted", "-o", output] + options)
        #expect(result.status == 0, "\(result.errors)")
        return (output, result.errors)
    }

    private static func read(_ path: String, _ options: [String] = []) throws -> Wstap.Result {
        let events = "handshake,frame,message,finding,connection,tls,summary"
        return try Wstap.run(["read", "--format", "ndjson", "--events", events, path] + options)
    }

    /// What records of a kind say, but where it was in the file, and of TLS.
    private static func facts(_ result: Wstap.Result, _ type: String) throws -> [String] {
        try result.records(type).map { record in
            let data = try JSONSerialization.data(withJSONObject: withoutPlaces(record), options: .sortedKeys)
            return String(decoding: data, as: UTF8.self)
        }
    }

    private static func withoutPlaces(_ value: Any) -> Any {
        guard let members = value as? [String: Any] else { return value }
        // What is HTTP/2 in TLS before is so in the clear, and segments that were sent again are left out.
        return members.filter { !["packet", "first_packet", "tls", "transport", "tcp"].contains($0.key) }.mapValues(
            withoutPlaces)
    }

    /// Of others something is missing, so that their findings are about other bytes, or their beginning is not known, so that
    /// their connections have other names.
    private static func isWhole(_ name: String) -> Bool { !TLSSampleTests.isPartial(name) && !name.hasPrefix("late-") }

    /// In the clear a FIN stands for the alert of who ended a connection without a close frame.
    private static func endsByAlert(_ name: String) -> Bool { name.hasPrefix("close-notify-") }

    /// What is known of how connections ended, whether that was in TLS or not.
    private static func closes(_ result: Wstap.Result) throws -> [String] {
        try result.records("connection").map { record in
            var close = try #require(record["close"] as? [String: Any])
            if close["initiated_by"] as? String == "close_notify" || close["outcome"] as? String == "cut" {
                for name in ["initiated_by", "ended_by_sender"] { close[name] = nil }
            }
            let data = try JSONSerialization.data(withJSONObject: close, options: .sortedKeys)
            return String(decoding: data, as: UTF8.self)
        }
    }

    /// Those in which something was said.
    private static let talks = TLSSampleTests.read.filter { truth in
        truth.connections.contains { !$0.fromClient.isEmpty || !$0.fromServer.isEmpty }
    }

    @Test("say the same as with the keys", arguments: talks)
    func same(truth: TLSTruth) throws {
        let folder = try TemporaryFolder()
        let before = try Self.read(truth.capture)
        let (path, errors) = try Self.export(truth.capture, folder)
        let count = truth.connections.count
        #expect(errors == "wstap: \(count) connection\(count == 1 ? " is" : "s are") in plain text in \(path)\n")
        let after = try Self.read(path, ["--no-keylog"])
        // What waits for missing records of its peer is written when those are read, with its own time.
        let isInOrder = after.errors.isEmpty || !Self.isWhole(truth.name) && after.errors.contains("times step back")
        #expect(isInOrder && after.records("tls").isEmpty, "\(after.errors)")
        #expect(after.records("summary").first?["tls"] == nil)
        if Self.isWhole(truth.name), !Self.endsByAlert(truth.name) {
            for type in ["handshake", "frame", "message", "finding", "connection"] {
                #expect(try Self.facts(after, type) == Self.facts(before, type), "\(type)")
            }
        }
        for type in ["frame", "message"] {
            for sender in ["client", "server"] {
                let lines = { (result: Wstap.Result) in
                    result.records(type).filter { $0["sender"] as? String == sender }.map {
                        "\($0["time"] ?? "") \($0["kind"] ?? "") \($0["length"] ?? "") \($0["payload"] ?? "")"
                    }
                }
                #expect(lines(after) == lines(before))
            }
        }
        let verdicts = { (result: Wstap.Result) in result.records("handshake").map { $0["verdict"] as? String } }
        #expect(verdicts(after) == verdicts(before))
        #expect(try Self.closes(after) == Self.closes(before))
        if Self.endsByAlert(truth.name) {
            let findings = { (result: Wstap.Result) in
                result.records("finding").map { "\($0["id"] ?? "") of the \($0["sender"] ?? "")" }
            }
            #expect(findings(after) == findings(before))
        }
    }

    /// Into tunnels of CONNECT tshark does not look, nor into streams of HTTP/2.
    private static let shownByTshark = talks.filter {
        isWhole($0.name) && $0.name != "http-connect" && $0.name != "http2"
    }

    @Test("are HTTP and WebSocket for tshark, too", arguments: shownByTshark)
    func tshark(truth: TLSTruth) throws {
        let folder = try TemporaryFolder()
        let (path, _) = try Self.export(truth.capture, folder)
        let ours = try TsharkTests.ours(path)
        #expect(try Tshark.frames(in: path) == ours && !ours.isEmpty)
        let errors = try Wstap.run(
            "/usr/bin/tshark",
            [
                "-r", path, "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-Y",
                "tcp.checksum.status == 0 || ip.checksum.status == 0 || tcp.analysis.ack_lost_segment "
                    + "|| tcp.analysis.lost_segment || tcp.analysis.out_of_order || _ws.malformed || tls",
            ])
        #expect(errors.status == 0 && errors.output.isEmpty, "\(errors.output)")
    }

    @Test("belong to their owner, hold no secrets, and have the connections that were chosen")
    func chosen() throws {
        let folder = try TemporaryFolder()
        let sample = Wstap.sample("tls/python-tls13-resumed.pcapng")
        let (path, errors) = try Self.export(sample, folder, ["--connection", "2"])
        #expect(errors == "wstap: 1 connection is in plain text in \(path)\n")
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        let bytes = try String(decoding: Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        #expect(!bytes.contains("TRAFFIC_SECRET") && !bytes.contains("CLIENT_RANDOM"))
        let wanted = try Self.read(sample).records("frame").filter { $0["connection"] as? Int == 2 }
        let found = try Self.read(path).records("frame")
        #expect(found.map { $0["payload"] as? String } == wanted.map { $0["payload"] as? String } && !wanted.isEmpty)
        #expect(Set(found.map { $0["connection"] as? Int }) == [1])
    }

    @Test("have comments as others have")
    func comments() throws {
        let folder = try TemporaryFolder()
        let (path, _) = try Self.export(Wstap.sample("tls/curl.pcapng"), folder)
        let result = try Wstap.run(
            "/usr/bin/tshark", ["-r", path, "-Y", "frame.comment", "-T", "fields", "-e", "frame.comment"])
        #expect(result.output.contains("wstap: connection 1: handshake valid"))
        #expect(result.output.contains("wstap: connection 1: close-unanswered"))
    }

    @Test("hold connections in the clear as they were")
    func mixed() throws {
        let folder = try TemporaryFolder()
        let (clear, secured) = (Wstap.sample("chat.pcap"), Wstap.sample("tls/node.pcapng"))
        let path = folder.path("plain.pcapng")
        let result = try Wstap.run(["export", clear, secured, "--to", "pcapng", "--decrypted", "-o", path])
        #expect(result.status == 0 && result.errors == "wstap: 1 connection is in plain text in \(path)\n")
        let before = try Wstap.run(["read", "--format", "ndjson", "--events", "frame", clear, secured])
        let after = try Self.read(path)
        #expect(try Self.facts(after, "frame") == Self.facts(before, "frame") && !before.records.isEmpty)
        let carved = try Consumer.export(clear, to: "pcapng", in: folder)
        let count = try Self.read(carved).records("summary").first?["packets"] as? Int
        let packets = try Wstap.run("/usr/bin/tshark", ["-r", path, "-Y", "tcp.port == \(try Self.port(of: clear))"])
        #expect(packets.output.split(separator: "\n").count == count)
        let none = try Self.export(clear, folder)
        #expect(none.errors == "wstap: none of the chosen connections was read through TLS\n")
        #expect(try Self.facts(Self.read(none.path), "frame") == Self.facts(Self.read(clear), "frame"))
    }

    private static func port(of path: String) throws -> Int {
        let client = try read(path).records("handshake").first?["client"] as? [String: Any]
        return try #require(client?["port"] as? Int)
    }

    private static let wrongUses: [([String], String)] = [
        (["--to", "ndjson", "--decrypted"], "--decrypted goes with --to pcapng only"),
        (["--to", "pcapng", "--decrypted", "--secrets", "used"], "--decrypted leaves nothing to decrypt"),
        (["--to", "pcapng", "--decrypted", "--redact"], "packets cannot be redacted"),
    ]

    @Test("are not to be had in other ways", arguments: wrongUses)
    func wrongUse(arguments: [String], message: String) throws {
        let result = try Wstap.run(["export", Wstap.sample("tls/node.pcapng"), "-o", "/dev/null"] + arguments)
        #expect(result.status == 64 && result.errors.contains(message), "\(result.errors)")
    }
}
