import Foundation
import TapTestSupport
import Testing

/// Samples of real peers that lack packets: nobody is accused of what those may have held.
@Suite("Samples of which not all was captured")
struct LossySampleTests {
    private static let folders = ["", "faults", "http2", "interop", "tls"]

    private static let samples = folders.flatMap { folder in
        let path = folder.isEmpty ? "" : "\(folder)/"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: Wstap.sample(folder))) ?? []
        return names.filter { $0.contains(".pcap") }.sorted().map { "\(path)\($0)" }
    }

    /// Findings that are not about the capture itself.
    static func accusations(in path: String, keys: String? = nil) throws -> Set<String> {
        let options = ["read", "--format", "ndjson", "--events", "finding"] + (keys.map { ["--keylog", $0] } ?? [])
        let result = try Wstap.run(options + [path])
        #expect(result.status == 0, "\(result.errors)")
        let found = result.records("finding").compactMap { $0["id"] as? String }
        return Set(found.filter { !$0.hasPrefix("capture-") && $0 != "message-not-inflated" })
    }

    @Test("nobody is accused of what the missing packets may have held")
    func missing() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("lossy.pcapng")
        var lossy = 0
        for seed in RandomSeeds.some(60) {
            var generator = SeededGenerator(seed: 7_000_000 + seed)
            let name = try #require(Self.samples.randomElement(using: &generator))
            let sample = Wstap.sample(name)
            guard let capture = try StoredCapture(path: sample), (8..<4_000).contains(capture.packetCount) else {
                continue
            }
            let log = Wstap.sample(name.prefix { $0 != "." } + ".keys")
            let keys = FileManager.default.fileExists(atPath: log) ? log : nil
            let count = [1, 1, 2, 3, 6].randomElement(using: &generator) ?? 1
            let missing = Set((0..<count).map { _ in Int.random(in: 0..<capture.packetCount, using: &generator) })
            try capture.write(without: missing, to: path)
            lossy += 1
            let added = try Self.accusations(in: path, keys: keys)
                .subtracting(Self.accusations(in: sample, keys: keys))
            #expect(added.isEmpty, "\(seed): \(name) without the packets \(missing.map { $0 + 1 }.sorted())")
        }
        #expect(lossy > 0)
    }
}
