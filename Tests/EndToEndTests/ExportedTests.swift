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

    @Test(
        "of what TCP carried all frames are read, with nothing found that is not in the capture",
        arguments: ["chat.pcap", "node-ws.pcap", "ipv6.pcap", "fragments.pcap", "deflate-chromium.pcap", "twenty.pcap"])
    func carriedByTCP(sample: String) throws {
        let folder = try TemporaryFolder()
        let exported = try export(4, of: Wstap.sample(sample), in: folder)
        let frames = try [Wstap.sample(sample), exported].map { try TsharkTests.ours($0).map(\.withoutPlace) }
        #expect(!frames[0].isEmpty && frames[0] == frames[1])
        let findings = try [Wstap.sample(sample), exported].map {
            try Wstap.run(["read", "--format", "ndjson", $0]).records("finding").compactMap { $0["id"] as? String }
        }
        #expect(findings[1].allSatisfy(findings[0].contains), "\(findings)")
    }

    @Test("TLS is read in it with the keys of the capture")
    func keys() throws {
        let folder = try TemporaryFolder()
        let (sample, keys) = (Wstap.sample("tls/no-key.pcapng"), Wstap.sample("tls/no-key.keylog"))
        let exported = try export(4, of: sample, in: folder)
        let (read, original) = try (
            Wstap.run(["read", "--format", "ndjson", "--keylog", keys, exported]),
            Wstap.run(["read", "--format", "ndjson", "--keylog", keys, sample])
        )
        // Which of two directions is read first is not the same where TCP's handshake is missing.
        for sender in ["client", "server"] {
            let lengths = [read, original].map { result in
                result.records("frame").filter { $0["sender"] as? String == sender }.compactMap { $0["length"] as? Int }
            }
            #expect(!lengths[0].isEmpty && lengths[0] == lengths[1])
        }
    }

    @Test("what TLS carried is left out, and named")
    func carriedByTLS() throws {
        let folder = try TemporaryFolder()
        let exported = try export(7, of: Wstap.sample("tls/large.pcapng"), in: folder)
        let result = try Wstap.run(["verify", exported])
        #expect(result.status == 3)
        #expect(result.output.contains("link type WIRESHARK_UPPER_PDU (252): 14 packets not read"))
    }
}
