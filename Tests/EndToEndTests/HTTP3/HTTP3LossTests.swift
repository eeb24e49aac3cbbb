import TapTestSupport
import Testing

/// Captures of HTTP/3 that lack datagrams.
@Suite("HTTP/3 of which not all was captured")
struct HTTP3LossTests {
    @Test(
        "nobody is accused of what the missing ones may have held",
        arguments: [
            "hypercorn", "hypercorn-deflate", "hypercorn-other-id", "hypercorn-refused", "aioquic-early",
            "aioquic-ends", "aioquic-migrated", "aioquic-resets", "aioquic-retry",
        ])
    func missing(name: String) throws {
        let sample = Wstap.sample("http3/\(name).pcapng")
        let whole = try LossySampleTests.accusations(in: sample)
        let capture = try #require(try StoredCapture(path: sample))
        let packets = 0..<capture.packetCount
        try #require(packets.count > 30)
        let folder = try TemporaryFolder()
        let path = folder.path("lossy.pcapng")
        var generator = SeededGenerator(seed: packets.count)
        for packet in packets {
            let several = Set((0..<5).map { _ in Int.random(in: packets, using: &generator) })
            for missing in [[packet], [packet, packets.count - 1 - packet], several] {
                try capture.write(without: missing, to: path)
                let added = try LossySampleTests.accusations(in: path).subtracting(whole)
                #expect(added.isEmpty, "without the packets \(missing.sorted())")
            }
        }
    }

    @Test("nor where two holes follow one another on a stream")
    func holes() throws {
        let sample = Wstap.sample("http3/aioquic-resets.pcapng")
        let folder = try TemporaryFolder()
        let path = folder.path("lossy.pcapng")
        try #require(try StoredCapture(path: sample)).write(without: [9, 17, 21], to: path)
        let added = try LossySampleTests.accusations(in: path).subtracting(LossySampleTests.accusations(in: sample))
        #expect(added.isEmpty)
    }

    @Test("a connection is followed once, whatever the limits", arguments: ["1", "2"])
    func limits(threads: String) throws {
        let sample = Wstap.sample("http3/hypercorn.pcapng")
        let usual = try Wstap.run(["read", "--format", "ndjson", "--threads", threads, sample])
        let limited = try Wstap.run([
            "read", "--format", "ndjson", "--threads", threads, "--max-flows", "1000", sample,
        ])
        #expect(usual.records("handshake").count == 2)
        #expect(limited.records("handshake").count == 2)
        #expect(limited.records("frame").count == usual.records("frame").count)
    }
}
