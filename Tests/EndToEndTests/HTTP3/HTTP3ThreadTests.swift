import Foundation
import TapTestSupport
import Testing

/// Many connections of QUIC at once, of many clients, some of which migrate.
@Suite("HTTP/3 on several threads")
struct HTTP3ThreadTests {
    private static let samples = [
        "aioquic-migrated", "aioquic-early", "aioquic-ends", "aioquic-resets", "aioquic-retry", "aioquic-versions",
        "hypercorn-chacha20",
        "hypercorn-deflate", "hypercorn-key-update", "hypercorn-rebound", "hypercorn-refused",
        "hypercorn-v2", "dns-over-quic", "other-protocols", "udp-443",
    ]

    /// Of those that migrate there can be one: where they went is known by their connection IDs.
    private static func copies(_ name: String) -> Int {
        ["aioquic-migrated", "hypercorn-rebound"].contains(name) ? 1 : 6
    }

    /// The packets of a sample as if another client had sent and received them, later.
    private static func copy(_ packets: [StoredCapture.Packet], of port: Int, _ host: [UInt8], after delay: UInt64)
        -> [StoredCapture.Packet]
    {
        let first = packets.map(\.time).min() ?? 0
        return packets.map { packet in
            var copy = packet
            copy.time = packet.time - first + start + delay
            let destination = Int(packet.bytes[36]) << 8 | Int(packet.bytes[37])
            copy.bytes.replaceSubrange(destination == port ? 26..<30 : 30..<34, with: host)
            return copy
        }
    }

    private static let start: UInt64 = 1_764_500_000_000_000

    private static func port(of name: String) throws -> Int {
        try #require((try Wstap.truth(of: "http3/\(name)")["server_ports"] as? [Int])?.first)
    }

    @Test("whatever the number of threads, the same comes out, and nothing is lost")
    func threads() throws {
        var all: [StoredCapture.Packet] = []
        var captures: [StoredCapture] = []
        var (handshakes, frames) = (0, 0)
        for (place, name) in Self.samples.enumerated() {
            let sample = Wstap.sample("http3/\(name).pcapng")
            let result = try Wstap.run(["read", "--format", "ndjson", sample])
            handshakes += Self.copies(name) * result.records("handshake").count
            frames += Self.copies(name) * result.records("frame").count
            let capture = try #require(try StoredCapture(path: sample))
            captures.append(capture)
            for copy in 0..<Self.copies(name) {
                let host: [UInt8] = [10, 7, UInt8(copy), UInt8(place + 1)]
                all += Self.copy(
                    capture.contents, of: try Self.port(of: name), host, after: UInt64(1_700 * place + 9_100 * copy))
            }
        }
        // One whose handshake was not captured: its secret is sought.
        let late = try #require(try StoredCapture(path: Wstap.sample("http3/hypercorn-late.pcapng")))
        let found = try Wstap.run(["read", "--format", "ndjson", Wstap.sample("http3/hypercorn-late.pcapng")])
        all += Self.copy(late.contents, of: try Self.port(of: "hypercorn-late"), [10, 8, 0, 1], after: 40_000)
        let sorted = all.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        let folder = try TemporaryFolder()
        let file = captures[0].with(sorted.map(\.element), secretsOf: Array(captures[1...]) + [late])
        let path = try folder.file("many.pcapng", file)
        let alone = try Wstap.run(["read", "--format", "ndjson", "--threads", "1", path])
        #expect(alone.status == 0 && alone.errors.isEmpty)
        #expect(
            alone.records("handshake").count == handshakes + found.records("handshake").count)
        #expect(alone.records("frame").count == frames + found.records("frame").count)
        for threads in [2, 3, 4, 8] {
            let together = try Wstap.run(["read", "--format", "ndjson", "--threads", "\(threads)", path])
            #expect(together.outputBytes == alone.outputBytes, "\(threads) threads")
        }
    }
}
