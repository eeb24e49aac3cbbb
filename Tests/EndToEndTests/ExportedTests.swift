import Foundation
import Testing

/// Captures of which tshark exports a layer.
@Suite("What tshark exports")
struct ExportedTests {
    private func export(_ layer: Int, of path: String, in folder: TemporaryFolder) throws -> String {
        let output = folder.path("exported.pcapng")
        let result = try Wstap.run("/usr/bin/tshark", ["-r", path, "-U", "OSI layer \(layer)", "-w", output])
        #expect(result.status == 0, "\(result.errors)")
        return output
    }

    @Test("what TLS carried gives the same frames", arguments: ["large", "openssl-small-records", "chromium", "java"])
    func carried(name: String) throws {
        let folder = try TemporaryFolder()
        let sample = Wstap.sample("tls/\(name).pcapng")
        let frames = try [sample, export(7, of: sample, in: folder)].map { path in
            try Wstap.run(["read", "--format", "ndjson", path]).records("frame").map { frame in
                ["sender", "opcode", "length", "payload", "text"].map { "\(frame[$0] ?? "")" }
            }
        }
        #expect(frames[0].count > 7 && frames[0] == frames[1])
    }

    @Test("where TLS lacks records, nobody is accused", arguments: ["lost-1-client", "lost-2-server", "lost-records"])
    func lossy(name: String) throws {
        let folder = try TemporaryFolder()
        let exported = try export(7, of: Wstap.sample("tls/\(name).pcapng"), in: folder)
        let result = try Wstap.run(["read", "--format", "ndjson", exported])
        #expect(result.records("frame").count > 7 && result.records("finding").isEmpty)
    }

    @Test("what TCP carried in the clear is left out, and named")
    func clear() throws {
        let folder = try TemporaryFolder()
        let result = try Wstap.run(["verify", export(4, of: Wstap.sample("chat.pcap"), in: folder)])
        #expect(result.status == 3)
        #expect(result.output.contains("link type WIRESHARK_UPPER_PDU (252): "))
    }
}
