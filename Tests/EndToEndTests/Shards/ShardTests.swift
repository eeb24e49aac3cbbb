import Foundation
import TapTestSupport
import Testing

@Suite("Shards")
struct ShardTests {
    private static func busy(_ frames: Int = 600) -> [CapturedPacket] {
        BusyCapture.packets(frames: frames, connections: 12)
    }

    private static func file(_ packets: some Collection<CapturedPacket>) -> Data {
        Data(CaptureBuilder.pcap(Array(packets)).bytes)
    }

    @Test("a manifest says what they are of and what is in them")
    func manifest() throws {
        let folder = try TemporaryFolder()
        let file = Self.file(Self.busy())
        let path = try folder.file("busy.pcap", file)
        let sharded = try Sharded([path], 5, in: folder, options: ["--label", "site=ams1"])
        #expect(sharded.run.status == 0 && sharded.run.errors.isEmpty && sharded.run.output.isEmpty)
        let manifest = try sharded.manifest
        let shards = try #require(manifest["shards"] as? [[String: Any]])
        let inputs = try #require(manifest["inputs"] as? [[String: Any]])
        let packets = Self.busy().count
        #expect(shards.compactMap { $0["packets"] as? Int }.reduce(0, +) == packets)
        #expect(manifest["packets"] as? Int == packets && inputs.first?["packets"] as? Int == packets)
        #expect(inputs.first?["path"] as? String == path && inputs.first?["size"] as? Int == file.count)
        #expect(inputs.first?["first_packet"] as? Int == 1 && inputs.first?["last_packet"] as? Int == packets)
        #expect((manifest["labels"] as? [String: String]) == ["site": "ams1"])
        for (number, path) in sharded.files.enumerated() {
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
            #expect(shards[number]["size"] as? Int == size)
            let summary = try Wstap.run(["read", "--format", "ndjson", path]).records("summary").first
            #expect(summary?["packets"] as? Int == shards[number]["packets"] as? Int)
        }
    }

    @Test("records have their labels, and the files and numbers that packets had")
    func origins() throws {
        let folder = try TemporaryFolder()
        let packets = Self.busy()
        let (first, second) = (packets[..<(packets.count / 3)], packets[(packets.count / 3)...])
        let files = [
            try folder.file("first.pcap", Self.file(first)), try folder.file("second.pcap", Self.file(second)),
        ]
        let sharded = try Sharded(files, 3, in: folder, options: ["--label", "site=ams1", "--label", "rack=7"])
        let records = try sharded.records()
        #expect(records.allSatisfy { $0["labels"] as? [String: String] == ["site": "ams1", "rack": "7"] })
        let told = records.filter { ["handshake", "finding"].contains($0["type"] as? String) }
        #expect(told.count >= 12)
        for record in told {
            let number = record["packet"] as? Int ?? 0
            let isInFirst = number <= first.count
            #expect(record["file"] as? String == files[isInFirst ? 0 : 1])
            #expect(record["file_packet"] as? Int == (isInFirst ? number : number - first.count))
        }
        // Shards of shards are of the same files.
        let again = try Sharded(sharded.files, 2, in: folder).records()
        let places = { (records: [[String: Any]]) in
            records.filter { $0["file"] != nil }.map {
                "\($0["packet"] ?? "") \($0["file"] ?? "") \($0["file_packet"] ?? "")"
            }
            .sorted()
        }
        #expect(places(again) == places(records))
    }

    @Test("the same packets make the same shards, also where they come through a pipe and compressed")
    func repeatable() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("busy.pcap", Self.file(Self.busy()))
        let contents = { (sharded: Sharded) in
            try sharded.files.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
        }
        let expected = try contents(Sharded([path], 4, in: folder))
        try FileManager.default.removeItem(atPath: folder.path("shards-4"))
        #expect(try contents(Sharded([path], 4, in: folder)) == expected)
        let piped = try Wstap.shell(
            "gzip -c '\(path)' | wstap shard - --shards 4 -o '\(folder.path("piped"))'; wstap read -q '\(folder.path("piped"))'"
        )
        #expect(piped.output == (try Wstap.run(["read", "-q", path])).output && piped.errors.isEmpty)
    }

    @Test("names, comments and interfaces come along, and other programs read them")
    func beside() throws {
        let folder = try TemporaryFolder()
        var file = CaptureBuilder.pcapng()
        file.block(1) { block in
            block.append(UInt16(1))
            block.append(UInt16(0))
            block.append(UInt32(0))
            block.append(CaptureBuilder.option(2, Array("uplink7".utf8)) + CaptureBuilder.option(9, [9]))
        }
        let comment = CaptureBuilder.option(1, Array("look here".utf8))
        for (number, packet) in Self.busy(40).enumerated() {
            file.enhancedPacket(
                ticks: UInt64(clamping: packet.header.timestamp.nanoseconds), options: number == 9 ? comment : [],
                as: PacketRecord(packet))
        }
        file.block(4) { $0.append(CaptureBuilder.option(1, [192, 0, 2, 1] + Array("first.test\0".utf8))) }
        let path = try folder.file("beside.pcapng", Data(file.bytes))
        let sharded = try Sharded([path], 3, in: folder)
        let comments = try sharded.records().filter { $0["type"] as? String == "comment" }
        #expect(comments.count == 1 && comments.first?["packet"] as? Int == 10)
        #expect(comments.first?["text"] as? String == "look here")
        for file in sharded.files {
            let handshakes = try Wstap.run(["read", "--names", "--format", "ndjson", file]).records("handshake")
            let names = handshakes.map { ($0["client"] as? [String: Any])?["names"] as? [String] }
            #expect(names.allSatisfy { $0 == ["first.test"] })
        }
        for file in sharded.files {
            let fields = try Wstap.run(
                "/usr/bin/env", ["tshark", "-r", file, "-T", "fields", "-e", "frame.interface_name"])
            #expect(fields.status == 0 && fields.output.split(separator: "\n").allSatisfy { $0 == "uplink7" })
        }
    }

    @Test("where nothing can be read or written there is nothing under the folder's name")
    func nothing() throws {
        let folder = try TemporaryFolder()
        let text = try folder.file("text", Data("no capture".utf8))
        let unread = try Sharded([text], 2, in: folder)
        #expect(unread.run.status == 2 && unread.run.errors.contains("not a capture file"))
        let path = try folder.file("busy.pcap", Self.file(Self.busy(6_000)))
        let output = folder.path("full")
        let full = try Wstap.shell(
            "trap '' XFSZ; ulimit -f 100; '\(Wstap.binary.path)' shard '\(path)' --shards 2 -o '\(output)'")
        #expect(full.status == 2 && full.errors.contains("cannot be written: File too large"), "\(full.errors)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        #expect(Set(names) == ["text", "busy.pcap"])
        let taken = try folder.file("taken", Data())
        #expect(try Wstap.run(["shard", path, "--shards", "2", "-o", taken]).errors.contains("no folder"))
        let parent = folder.url.path
        let used = try Wstap.run(["shard", path, "--shards", "2", "-o", parent])
        #expect(used.status == 2 && used.errors.contains("is not empty; name a new folder"))
        for place in [".", "..", "/", "\(parent)/."] {
            let refused = try Wstap.run(["shard", path, "--shards", "2", "-o", place])
            #expect(refused.status == 2 && refused.errors.contains("name a new folder"), "\(place)")
        }
        let mounted = try Wstap.run(["shard", path, "--shards", "2", "-o", "/proc"])
        #expect(mounted.status == 2 && mounted.errors.contains("something is mounted there"))
        try FileManager.default.createSymbolicLink(atPath: folder.path("other"), withDestinationPath: path)
        let twice = try Wstap.run(["shard", path, folder.path("other"), "--shards", "2", "-o", folder.path("s")])
        #expect(twice.status == 64 && twice.errors.contains("other was given twice"))
    }

    @Test(
        "wrong usage exits with 64",
        arguments: [
            ["--shards", "0"], ["--shards", "257"], ["--shards", "2", "--label", "site"],
            ["--shards", "2", "--label", "a b=c"], ["--shards", "2", "--label", "a=1", "--label", "a=2"],
        ])
    func usage(arguments: [String]) throws {
        let folder = try TemporaryFolder()
        let result = try Wstap.run(
            ["shard", Wstap.sample("chat.pcap"), "-o", folder.path("shards")] + arguments)
        #expect(result.status == 64, "\(result.errors)")
    }
}
