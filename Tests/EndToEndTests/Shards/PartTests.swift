import Foundation
import TapTestSupport
import Testing

@Suite("Parts and their merge")
struct PartTests {
    private let folder: TemporaryFolder
    private let sharded: Sharded
    private let parts: [String]

    init() throws {
        folder = try TemporaryFolder()
        let packets = BusyCapture.packets(frames: 200, connections: 12)
        let path = try folder.file("busy.pcap", Data(CaptureBuilder.pcap(packets).bytes))
        sharded = try Sharded([path], 3, in: folder, options: ["--label", "site=ams1"])
        parts = try sharded.exportParts()
    }

    private func merge(_ paths: [String]) throws -> Wstap.Result {
        try Wstap.run(["merge", "--format", "ndjson"] + paths)
    }

    private func expectRefused(_ paths: [String], because text: String) throws {
        let result = try merge(paths)
        #expect(
            result.status == 2 && result.output.isEmpty && result.errors.contains(text), "\(text): \(result.errors)")
    }

    private func content(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    @Test("parts in any order, and of several shards each, are merged alike")
    func orders() throws {
        let expected = try merge([sharded.folder])
        #expect(expected.status == 0 && expected.output.contains("\"labels\":{\"site\":\"ams1\"}"))
        #expect(try merge(parts.reversed()).output == expected.output)
        let both = folder.path("both.part")
        _ = try Wstap.run(["export", sharded.files[0], sharded.files[2], "--to", "parts", "-o", both])
        #expect(try merge([parts[1], both]).output == expected.output)
    }

    @Test("one part of a whole capture is merged as well")
    func whole() throws {
        let part = folder.path("whole.part")
        let path = Wstap.sample("chat.pcap")
        #expect(try Wstap.run(["export", path, "--to", "parts", "-o", part]).status == 0)
        #expect(try Wstap.run(["merge", part]).output == (try Wstap.run(["stats", path]).output))
    }

    @Test("a segment of so many frames that they are handed on in pieces becomes a part")
    func manyFrames() throws {
        var conversation = Conversation.upgraded(extensions: "permessage-deflate")
        let deflater = Deflater()
        let text = Array(repeating: UInt8(ascii: "a"), count: 280)
        let frames = (0..<4_000).flatMap { _ in FrameBytes(.text, deflater.message(text)).compressed.bytes }
        conversation.send(frames, from: .server, segmentSize: frames.count)
        let path = try folder.file("many.pcap", Data(CaptureBuilder.pcap(conversation.segments.packets()).bytes))
        let part = folder.path("many.part")
        #expect(try Wstap.run(["export", path, "--to", "parts", "-o", part]).status == 0)
        let merged = try Wstap.run(["merge", part])
        #expect(merged.output == (try Wstap.run(["stats", path]).output) && merged.output.contains("4,000"))
    }

    @Test("the same shard makes the same part")
    func repeatable() throws {
        let again = folder.path("again.part")
        _ = try Wstap.run(["export", sharded.files[1], "-o", again])
        #expect(try content(again) == content(parts[1]))
    }

    @Test("a shard that is missing, or there twice, is told")
    func incomplete() throws {
        try expectRefused([parts[0], parts[2]], because: "parts of 1 of 3 shards are missing: 1")
        try expectRefused(parts + [parts[1]], because: "both are of shard 1")
        let other = try Sharded(sharded.files, 2, in: folder).exportParts()
        try expectRefused([parts[0], other[0]], because: "not of one run of wstap shard")
        try expectRefused([sharded.files[0]], because: "no part of a capture")
        try expectRefused([folder.path("nothing")], because: "no such file")
    }

    @Test("a part that was cut off or damaged is told, wherever that is")
    func damaged() throws {
        let whole = try content(parts[0])
        let path = folder.path("damaged.part")
        for length in stride(from: 13, to: whole.count, by: max(1, whole.count / 12)) {
            try whole.prefix(length).write(to: URL(fileURLWithPath: path))
            try expectRefused([path, parts[1], parts[2]], because: "damaged.part: cut off")
            var changed = whole
            changed[length] ^= 0x10
            try changed.write(to: URL(fileURLWithPath: path))
            let result = try merge([path, parts[1], parts[2]])
            #expect(result.status == 2 && result.output.isEmpty && !result.errors.isEmpty, "at \(length)")
        }
    }

    @Test("a manifest of other shards, or one that counts other packets, is told")
    func manifest() throws {
        let path = "\(sharded.folder)/manifest.json"
        let text = String(decoding: try content(path), as: UTF8.self)
        func expectRefused(_ text: String, because reason: String) throws {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            try self.expectRefused([sharded.folder], because: reason)
        }
        try expectRefused(text.replacing(/"run":"./, with: "\"run\":\"g"), because: "of another run of wstap shard")
        try expectRefused(
            text.replacing(/"packets":/, with: "\"packets\":1", maxReplacements: 1), because: "packets, the parts")
        try expectRefused("{", because: "no manifest of wstap shard, or damaged")
    }

    @Test("what could not be read when the capture was divided, or of a shard, is told with what there is")
    func faults() throws {
        let packets = BusyCapture.packets(frames: 40, connections: 4)
        let cut = try folder.file("cut.pcap", Data(CaptureBuilder.pcap(packets).bytes).dropLast(3))
        let divided = try Sharded([cut], 2, in: folder)
        _ = try divided.exportParts()
        let result = try merge([divided.folder])
        #expect(result.status == 2 && result.errors.contains("1 of the captures could not be read"))
        #expect(result.records("summary").first?["packets"] as? Int == packets.count - 1)
        // A shard that was cut off itself.
        let sizes = try sharded.files.map { try content($0).count }
        let largest = try #require(sizes.indices.max { sizes[$0] < sizes[$1] })
        let shard = sharded.files[largest]
        try content(shard).dropLast(9).write(to: URL(fileURLWithPath: shard))
        #expect(try Wstap.run(["export", shard, "-o", parts[largest]]).status == 2)
        try FileManager.default.removeItem(atPath: "\(sharded.folder)/manifest.json")
        let known = try merge([sharded.folder])
        #expect(known.status == 2 && known.errors.contains("\(shard): cut off") && !known.output.isEmpty)
    }

    @Test(
        "parts are of everything that there is",
        arguments: [["--redact", "secrets"], ["--connection", "1"], ["--to", "ndjson", "-o", "-"]])
    func everything(options: [String]) throws {
        let part = folder.path("part")
        let result = try Wstap.run(["export", sharded.files[0], "--to", "parts", "-o", part] + options)
        #expect(result.status == 64 && !FileManager.default.fileExists(atPath: part), "\(result.errors)")
    }
}
