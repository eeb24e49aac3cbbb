import Foundation
import Testing

/// Captures of WebSocket in TLS against what the peers logged: every message, the close, and what TLS agreed on.
@Suite("WebSocket in TLS, compared with what the peers logged")
struct TLSSampleTests {
    /// Why these are not read.
    static let reasons = [
        "alert-untrusted-gnutls-no-key": "no-key", "chromium-no-key": "no-key", "ech-no-key": "no-key",
        "ech-other-keys": "no-key",
        "ech-secret-only": "encrypted-client-hello", "keys-handshake-only": "no-key",
        "late-key-update": "handshake-not-captured", "late-tls12": "handshake-not-captured",
        "lost-server-hello-tls12": "bytes-missing", "no-key": "no-key", "no-key-tls12": "no-key",
        "python-tls10-static-rsa": "no-key", "python-tls12-aria": "cipher-unsupported",
        "python-tls12-null": "cipher-unsupported",
        "python-tls12-static-rsa": "no-key",
        "python-tls12-static-rsa-no-ems": "no-key", "wrong-key": "wrong-key", "wrong-key-tls12": "wrong-key",
    ]
    static let alerts = [
        "alert-no-certificate": "certificate_required", "alert-no-certificate-tls12": "handshake_failure",
        "alert-untrusted": "unknown_ca", "alert-untrusted-no-key": "unknown_ca",
        "alert-untrusted-gnutls": "bad_certificate",
        "alert-untrusted-tls12": "unknown_ca", "alert-version": "protocol_version",
    ]
    /// Of these the capture lacks segments or a direction.
    static func isPartial(_ name: String) -> Bool {
        ["lost-", "one-way-", "short-packets", "late-inside-record", "keys-client-only", "keys-server-only"].contains {
            name.hasPrefix($0)
        }
    }

    static let read = TLSTruth.all.filter { reasons[$0.name] == nil && alerts[$0.name] == nil }

    @Test("there are samples")
    func count() { #expect(Self.read.count > 100) }

    @Test("each reason has a sample")
    func eachReason() throws {
        let schema = Wstap.project.appendingPathComponent("docs/records.schema.json")
        let content = try JSONSerialization.jsonObject(with: Data(contentsOf: schema)) as? [String: Any]
        let definitions = try #require(content?["$defs"] as? [String: Any])
        let documented = (definitions["tlsReason"] as? [String: Any])?["enum"] as? [String]
        #expect(try Set(#require(documented)) == Set(Self.reasons.values))
    }

    @Test("every message of both peers is read, in order", arguments: read)
    func messages(truth: TLSTruth) throws {
        let result = try Wstap.run(["read", "--format", "ndjson", "--events", Self.events, truth.capture])
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        try check(result, truth)
    }

    static let events = "handshake,frame,message,finding,connection,tls,summary"

    private func check(_ result: Wstap.Result, _ truth: TLSTruth) throws {
        let handshakes = result.records("handshake")
        #expect(handshakes.count == truth.connections.count)
        let isOneSided = truth.name == "keys-client-only" || truth.name == "keys-server-only"
        #expect(result.records("tls").map { $0["reason"] as? String } == (isOneSided ? ["no-key"] : []))
        for (handshake, expected) in zip(handshakes, truth.connections) {
            let number = try #require(handshake["connection"] as? Int)
            let response = handshake["response"] as? [String: Any]
            if let status = expected.status { #expect(response?["status"] as? Int == status) }
            for sender in ["client", "server"] {
                let seen = Self.lines(result, number, sender)
                check(seen, expected.lines(from: sender), from: sender, truth)
            }
            guard let close = expected.close else { continue }
            let record = try #require(result.records("connection").first { $0["connection"] as? Int == number })
            #expect((record["close"] as? [String: Any])?["code"] as? Int == close.code)
            let seen = handshake["tls"] as? [String: Any]
            // The protocol is agreed under encryption, with keys that not every log has.
            let isAgreementKnown = !truth.name.hasPrefix("keys-traffic-only")
            if let tls = truth.tls, !Self.isPartial(truth.name) { check(seen, tls, isAgreementKnown) }
        }
        // Nobody did anything wrong, but for a client that does not answer a close frame, and one that was killed.
        let found = Set(result.records("finding").compactMap { $0["id"] as? String })
        let faults = [
            "curl": "close-unanswered", "killed": "close-missing", "refused": "handshake-refused",
            "close-notify-client": "close-missing", "close-notify-server": "close-missing",
        ]
        let allowed = Set([faults[truth.name]].compactMap(\.self))
        #expect(found.filter { !$0.hasPrefix("capture-") }.isSubset(of: allowed), "\(found)")
    }

    /// Of what was sent nothing is missing but what the capture, or the log, lacks.
    private func check(_ seen: [String], _ sent: [String], from sender: String, _ truth: TLSTruth) {
        if let only = truth.onlySender {
            #expect(seen == (sender == only ? sent : []), "\(sender)")
        } else if let lost = truth.lost, lost.direction == "from_\(sender)" {
            // Where the hole has the header of a frame, the next one is not certain, either.
            let (before, after) = (sent.prefix(lost.message), sent.dropFirst(lost.message + (lost.messages ?? 2)))
            #expect(seen.prefix(before.count) == before && seen.suffix(after.count) == after, "\(sender): \(seen)")
            let most = sent.count - (lost.messages ?? 1)
            #expect(seen.count <= most && Self.isSubsequence(seen, of: sent), "\(sender): \(seen)")
        } else if truth.name == "short-packets" || truth.name == "late-inside-record" {
            #expect(!seen.isEmpty && Self.isSubsequence(seen, of: sent), "\(sender): \(seen) of \(sent)")
        } else {
            #expect(seen == sent, "\(sender)")
        }
    }

    private func check(_ seen: [String: Any]?, _ expected: TLSTruth.Facts, _ isAgreementKnown: Bool) {
        guard seen?["keys"] as? String != "search" else { return }
        // OpenSSL calls TLS 1.0 so.
        let version = expected.version == "TLSv1" ? "TLSv1.0" : expected.version
        if let version { #expect((seen?["version"] as? String)?.replacing("TLS ", with: "TLSv") == version) }
        if let cipher = expected.cipher, cipher.hasPrefix("TLS_") { #expect(seen?["cipher"] as? String == cipher) }
        #expect(seen?["server_name"] as? String == expected.publicName ?? expected.serverName)
        if isAgreementKnown { #expect(seen?["alpn"] as? String == expected.alpn) }
    }

    /// What a peer sent, as messages and control frames.
    static func lines(_ result: Wstap.Result, _ connection: Int, _ sender: String) -> [String] {
        result.records.compactMap { record in
            guard record["connection"] as? Int == connection, record["sender"] as? String == sender,
                let kind = record["kind"] as? String, let payload = record["payload"] as? String
            else { return nil }
            let isControl = kind == "ping" || kind == "pong"
            guard record["type"] as? String == (isControl ? "frame" : "message"), record["incomplete"] == nil else {
                return nil
            }
            if kind == "text" { return "text \(payload)" }
            let isText = record["payload_encoding"] as? String == "utf8"
            let bytes = isText ? Data(payload.utf8) : Data(base64Encoded: payload) ?? Data()
            return "\(kind) " + bytes.map { String(format: "%02x", $0) }.joined()
        }
    }

    private static func isSubsequence(_ part: [String], of whole: [String]) -> Bool {
        var rest = whole[...]
        return part.allSatisfy { line in
            guard let place = rest.firstIndex(of: line) else { return false }
            rest = rest[(place + 1)...]
            return true
        }
    }

    @Test(
        "who ends TLS ends the connection, whoever sends the first FIN",
        arguments: TLSTruth.all.filter { $0.connections.contains { $0.endedBy != nil } })
    func ended(truth: TLSTruth) throws {
        let ender = try #require(truth.connections.first?.endedBy)
        let result = try Wstap.run(["read", "--format", "ndjson", truth.capture])
        let close = try #require(result.records("connection").first?["close"] as? [String: Any])
        #expect(close["initiator"] as? String == ender && close["initiated_by"] as? String == "close_notify")
        #expect(close["ended_by"] as? String == "fin" && close["ended_by_sender"] as? String != ender)
        let finding = try #require(result.records("finding").first)
        #expect(finding["id"] as? String == "close-missing" && finding["sender"] as? String == ender)
        #expect((finding["detail"] as? String)?.hasPrefix("the \(ender) sent close_notify") == true)
    }

    @Test("where it is not read, that is said, and why", arguments: reasons.sorted { $0.key < $1.key })
    func unread(name: String, reason: String) throws {
        let result = try Wstap.run(["read", "--format", "ndjson", Wstap.sample("tls/\(name).pcapng")])
        let records = result.records("tls")
        #expect(!records.isEmpty && records.allSatisfy { $0["reason"] as? String == reason })
        #expect(result.records("handshake").isEmpty && result.records("finding").isEmpty && result.status == 0)
        let summary = try #require(result.records("summary").first?["tls"] as? [String: Any])
        #expect((summary["unread"] as? [String: Int])?[reason] == records.count && summary["read"] as? Int == 0)
        let table = try Wstap.run(["read", Wstap.sample("tls/\(name).pcapng")])
        #expect(table.output.contains("\nTLS "), "\(table.output)")
    }

    @Test("an alert that ends TLS before any data is told", arguments: alerts.sorted { $0.key < $1.key })
    func alert(name: String, description: String) throws {
        let result = try Wstap.run(["read", "--format", "ndjson", Wstap.sample("tls/\(name).pcapng")])
        let record = try #require(result.records("tls").first)
        #expect((record["alert"] as? [String: Any])?["description"] as? String == description)
        #expect(record["reason"] == nil)
        let summary = try #require(result.records("summary").first?["tls"] as? [String: Any])
        #expect(summary["failed"] as? Int == 1 && (summary["unread"] as? [String: Int]) == [:])
    }

    @Test("without keys an encrypted alert is known by its length")
    func encryptedAlert() throws {
        let sample = Wstap.sample("tls/alert-untrusted-gnutls-no-key.pcapng")
        for keys in [[], ["--keylog", Wstap.sample("tls/no-key.keylog")]] {
            let result = try Wstap.run(["read", "--format", "ndjson", sample] + keys)
            let alert = try #require(result.records("tls").first?["alert"] as? [String: Any])
            #expect(alert["sender"] as? String == "client" && alert["encrypted"] as? Bool == true && alert.count == 2)
        }
        let table = try Wstap.run(["read", sample])
        #expect(table.output.contains("no key for it, and the client closed TLS with an encrypted alert"))
    }

    @Test("a server's RSA key opens what was sent to it", arguments: TLSTruth.all.filter { $0.rsaKey != nil })
    func rsaKey(truth: TLSTruth) throws {
        let key = try Wstap.sample("tls/\(#require(truth.rsaKey))")
        let result = try Wstap.run(
            ["read", "--format", "ndjson", "--events", Self.events, "--rsa-key", key, truth.capture])
        try check(result, truth)
        let details = result.records("handshake").map { $0["tls"] as? [String: Any] }
        #expect(details.allSatisfy { $0?["keys"] as? String == "rsa-key" })
    }

    @Test(
        "however many threads there are, and through a pipe",
        arguments: [
            "chromium", "ech-firefox", "late-three", "lost-records", "no-key", "python-tls13-resumed", "wrong-key",
        ])
    func same(name: String) throws {
        let path = Wstap.sample("tls/\(name).pcapng")
        let alone = try Wstap.run(["read", "--format", "ndjson", "--threads", "1", path])
        for threads in ["2", "3", "4", "8"] {
            let together = try Wstap.run(["read", "--format", "ndjson", "--threads", threads, path])
            #expect(together.outputBytes == alone.outputBytes)
        }
        let piped = try Wstap.shell("cat '\(path)' | wstap read --format ndjson -")
        #expect(piped.output.split(separator: "\n").sorted() == alone.output.split(separator: "\n").sorted())
    }
}
