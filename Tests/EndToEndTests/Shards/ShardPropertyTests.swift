import Foundation
import TapTestSupport
import Testing

/// The union of what shards say is what one run over the whole capture says, and so is what parts of them say once they are merged.
@Suite("Shards have together what the capture has")
struct ShardPropertyTests {
    /// Of the many samples some, or all where it is said into how many shards.
    private static let samples = Wstap.allSamples.enumerated()
        .filter { Sharded.isThorough || $0.offset % 29 == 0 }.map { Wstap.sample($0.element) }

    @Test("samples")
    func samples() throws {
        #expect(Self.samples.count > 15)
        for (number, path) in Self.samples.enumerated() {
            try Sharded.expectSame([path], number, path, in: TemporaryFolder())
        }
    }

    @Test("hard captures", arguments: HardCapture.Area.allCases)
    func hard(area: HardCapture.Area) throws {
        for (number, capture) in HardCapture.all.filter({ $0.area == area }).enumerated()
        where Sharded.isThorough || number % 5 < 2 {
            let folder = try TemporaryFolder()
            let path = try folder.file("capture", Data(capture.file))
            try Sharded.expectSame([path], number, capture.name, in: folder)
        }
    }

    @Test("random captures, of some files")
    func random() throws {
        for seed in RandomSeeds.some(50) {
            var generator = SeededGenerator(seed: 700_000 + seed)
            var segments: [ScriptedSegment] = []
            for _ in 0..<3 { segments += RandomCapture(&generator).segments }
            let packets = segments.shuffledAfterStarts(within: seed % 8, using: &generator)
                .filter { _ in !generator.oneIn(30) }.packets()
            let folder = try TemporaryFolder()
            let middle = packets.count / 2
            let files = try [packets[..<middle], packets[middle...]].enumerated().map { number, part in
                try folder.file("\(number).pcap", Data(CaptureBuilder.pcap(Array(part)).bytes))
            }
            try Sharded.expectSame(files, seed, "seed \(seed)", in: folder)
        }
    }

    @Test("fragments, tunnels and other link layers")
    func reencapsulated() throws {
        for seed in RandomSeeds.some(6) {
            var generator = SeededGenerator(seed: 800_000 + seed)
            let segments = RandomCapture(&generator).segments
            var packets = Reencapsulation(&generator).packets(segments)
            // Fragments that come before the first one of their packet.
            for index in packets.indices.dropFirst() where generator.oneIn(4) {
                let (one, other) = (packets[index - 1].bytes, packets[index].bytes)
                (packets[index - 1].bytes, packets[index].bytes) = (other, one)
            }
            let folder = try TemporaryFolder()
            let path = try folder.file("capture", Data(CaptureBuilder.pcapng(packets).bytes))
            try Sharded.expectSame([path], seed, "seed \(seed)", in: folder)
        }
    }
}
