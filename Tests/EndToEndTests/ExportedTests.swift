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

    @Test("what TCP or TLS carried is left out, and named", arguments: [(4, 29), (7, 14)])
    func carried(layer: Int, packets: Int) throws {
        let folder = try TemporaryFolder()
        let exported = try export(layer, of: Wstap.sample("tls/large.pcapng"), in: folder)
        let result = try Wstap.run(["verify", exported])
        #expect(result.status == 3)
        #expect(result.output.contains("link type WIRESHARK_UPPER_PDU (252): \(packets) packets not read"))
    }
}
