import Foundation
import TapTestSupport
import Testing

/// What is said of captures one after another is together what one run over all of them says.
@Suite("Captures one after another")
struct CarryTests {
    /// Of the many samples some, or all where it is said for shards.
    private static let samples: [String] = {
        let root = Wstap.project.appendingPathComponent("samples")
        let files = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
        let captures = files.filter { $0.hasSuffix(".pcap") || $0.hasSuffix(".pcapng") }.sorted()
        return captures.enumerated().filter { Sharded.isThorough || $0.offset % 23 == 0 }.map {
            root.path + "/" + $0.element
        }
    }()

    /// Cuts a capture in several ways.
    private func check(_ path: String, _ name: String, _ number: Int) throws {
        guard let capture = try StoredCapture(path: path), capture.packetCount > 5 else { return }
        let counts = Sharded.isThorough ? [2, 3, 5] : [[2, 3, 5][number % 3]]
        for count in counts {
            let folder = try TemporaryFolder()
            let step = capture.packetCount / count
            // Not always in the middle of everything.
            let places = (1..<count).map { $0 * step + (number * 7 + count) % max(1, step) }
            let files = try Chain.cut(capture, at: places, in: folder)
            try Chain.expectSame(files, as: path, "\(name), at \(places)", in: folder)
        }
    }

    @Test("samples in two, three and five files")
    func samples() throws {
        #expect(Self.samples.count > 15)
        for (number, path) in Self.samples.enumerated() { try check(path, path, number) }
    }

    @Test("cut at every packet")
    func everywhere() throws {
        let path = Wstap.sample("chat.pcap")
        let capture = try #require(try StoredCapture(path: path))
        for place in 1..<capture.packetCount {
            let folder = try TemporaryFolder()
            let files = try Chain.cut(capture, at: [place], in: folder)
            try Chain.expectSame(files, as: path, "at \(place)", in: folder)
        }
    }

    @Test("hard captures", arguments: HardCapture.Area.allCases)
    func hard(area: HardCapture.Area) throws {
        for (number, capture) in HardCapture.all.filter({ $0.area == area }).enumerated()
        where Sharded.isThorough || number % 5 == 1 {
            let folder = try TemporaryFolder()
            try check(folder.file("capture", Data(capture.file)), capture.name, number)
        }
    }

    @Test("random captures")
    func random() throws {
        for seed in RandomSeeds.some(30) {
            var generator = SeededGenerator(seed: 900_000 + seed)
            var segments: [ScriptedSegment] = []
            for _ in 0..<3 { segments += RandomCapture(&generator).segments }
            let packets = segments.shuffledAfterStarts(within: seed % 8, using: &generator)
                .filter { _ in !generator.oneIn(30) }.packets()
            let folder = try TemporaryFolder()
            let path = try folder.file("whole.pcap", Data(CaptureBuilder.pcap(packets).bytes))
            try check(path, "seed \(seed)", seed)
        }
    }

    @Test("where more is open than is kept, it is told to have ended, and goes on in the middle")
    func limit() throws {
        let folder = try TemporaryFolder()
        let packets = BusyCapture.packets(frames: 600, connections: 12)
        let path = try folder.file("busy.pcap", Data(CaptureBuilder.pcap(packets).bytes))
        let capture = try #require(try StoredCapture(path: path))
        let files = try Chain.cut(capture, at: [packets.count / 2 + 20], in: folder)
        let chain = try Chain(files, in: folder, options: ["--max-carried", "2000"])
        #expect(chain.results.map(\.status) == [0, 0])
        #expect(chain.results[0].errors.contains("0.open: what is open takes more than 2000 bytes"))
        let ends = chain.records.filter { $0["type"] as? String == "connection" }
        let verdicts = chain.records.compactMap { $0["verdict"] as? String }
        #expect(ends.count == verdicts.count && verdicts.contains("valid") && verdicts.contains("midstream"))
        let numbers = chain.records.compactMap { $0["packet"] as? Int }
        #expect(numbers.max() ?? 0 > packets.count / 2)
        let frames = chain.records.count { $0["type"] as? String == "frame" }
        #expect(frames == 600)
    }

    @Test("files in another order, and what is no file of this kind, are refused")
    func refused() throws {
        let folder = try TemporaryFolder()
        let capture = try #require(try StoredCapture(path: Wstap.sample("faults/idle-timeout.pcap")))
        let files = try Chain.cut(capture, at: [capture.packetCount - 2], in: folder)
        let open = folder.path("open")
        let output = ["--to", "ndjson", "-o", folder.path("out.ndjson")]
        func expectRefused(_ arguments: [String], _ status: Int32, _ text: String) throws {
            let result = try Wstap.run(["export"] + arguments)
            #expect(result.status == status && result.errors.contains(text), "\(arguments): \(result.errors)")
            #expect(!FileManager.default.fileExists(atPath: folder.path("out.ndjson")))
        }
        #expect(try Wstap.run(["export", files[1], "--to", "ndjson", "-o", "-", "--carry-to", open]).status == 0)
        try expectRefused([files[0], "--carry-from", open] + output, 2, "begins before the capture ends")
        try expectRefused([files[0], "--carry-from", files[1]] + output, 2, "--carry-to did not write it")
        try expectRefused([files[0], "--carry-from", folder.path("nothing")] + output, 2, "no such file")
        let content = try Data(contentsOf: URL(fileURLWithPath: open))
        let cut = try folder.file("cut", content.dropLast(3))
        try expectRefused([files[1], "--carry-from", cut] + output, 2, "cut off")
        for (arguments, text) in [
            (["-", "--carry-to", open] + output, "needs a file"),
            ([files[0], "--carry-to", open, "-f", "tcp"] + output, "no capture filter"),
            ([files[0], "--carry-to", open, "-Y", "websocket"] + output, "no filters"),
            ([files[0], "--carry-to", open, "--redact", "addresses"] + output, "other names"),
            ([files[0], "--carry-to", open, "--to", "csv", "-o", folder.path("out.ndjson")], "--to ndjson alone"),
            ([files[0], "--carry-to", files[0]] + output, "is to be read"),
            ([files[0], "--carry-to", open, "--to", "ndjson", "-o", open], "only one of both"),
        ] { try expectRefused(arguments, 64, text) }
    }
}
