import Foundation
import TapTestSupport
import Testing

/// Captures of HTTP/3 that lack datagrams.
@Suite("HTTP/3 of which not all was captured")
struct HTTP3LossTests {
    /// The blocks of a little-endian pcapng file, and which of them are packets.
    private static func blocks(_ path: String) throws -> (blocks: [Data], packets: [Int]) {
        var rest = try Data(contentsOf: URL(fileURLWithPath: path))
        var (blocks, packets): ([Data], [Int]) = ([], [])
        while rest.count >= 12 {
            let number = { (offset: Int) in
                rest.dropFirst(offset).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            }
            let (type, length) = (number(0), number(4))
            try #require(length >= 12 && length <= rest.count)
            if type == 6 { packets.append(blocks.count) }
            blocks.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return (blocks, packets)
    }

    private static func findings(_ path: String) throws -> Set<String> {
        let result = try Wstap.run(["read", "--format", "ndjson", "--events", "finding", path])
        #expect(result.status == 0, "\(result.errors)")
        return Set(result.records("finding").compactMap { $0["id"] as? String })
    }

    @Test(
        "nobody is accused of what the missing ones may have held",
        arguments: ["hypercorn", "hypercorn-deflate", "hypercorn-other-id", "aioquic-ends", "aioquic-retry"])
    func missing(name: String) throws {
        let sample = Wstap.sample("http3/\(name).pcapng")
        let whole = try Self.findings(sample)
        let (blocks, packets) = try Self.blocks(sample)
        try #require(packets.count > 30)
        let folder = try TemporaryFolder()
        let path = folder.path("lossy.pcapng")
        var generator = SeededGenerator(seed: packets.count)
        for (number, packet) in packets.enumerated() {
            let several = Set((0..<5).map { _ in packets.randomElement(using: &generator) ?? packet })
            for missing in [[packet], [packet, packets[packets.count - 1 - number]], several] {
                let kept = blocks.indices.filter { !missing.contains($0) }.map { blocks[$0] }
                try Data(kept.joined()).write(to: URL(fileURLWithPath: path))
                let added = try Self.findings(path).subtracting(whole).filter {
                    !$0.hasPrefix("capture-") && $0 != "message-not-inflated"
                }
                #expect(added.isEmpty, "without the blocks \(missing.sorted())")
            }
        }
    }
}
