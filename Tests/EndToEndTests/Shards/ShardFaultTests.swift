import Foundation
import TapTestSupport
import Testing

@Suite("Shards, where something goes wrong")
struct ShardFaultTests {
    private static func file(_ packets: some Collection<CapturedPacket>) -> Data {
        Data(CaptureBuilder.pcap(Array(packets)).bytes)
    }

    @Test("a damaged file among a thousand is told, and the others are divided all the same")
    func damaged() throws {
        let folder = try TemporaryFolder()
        let packets = BusyCapture.packets(frames: 1_500, connections: 12)
        let input = folder.path("ring")
        try FileManager.default.createDirectory(atPath: input, withIntermediateDirectories: false)
        let count = 1_000
        for number in 0..<count {
            var file = Self.file(packets[(packets.count * number / count)..<(packets.count * (number + 1) / count)])
            if number == 333 { file.removeLast(5) }
            try file.write(to: URL(fileURLWithPath: "\(input)/\(number + count).pcap"))
        }
        let sharded = try Sharded([input], 2, in: folder)
        #expect(sharded.run.status == 2 && sharded.run.errors.contains("1333.pcap: cut off in the middle of a packet"))
        #expect(sharded.run.errors.split(separator: "\n").count == 1)
        let inputs = try #require(try sharded.manifest["inputs"] as? [[String: Any]])
        #expect(inputs.count == count && inputs.count { $0["error"] != nil } == 1)
        #expect((inputs[333]["error"] as? String)?.contains("cut off") == true)
        #expect(try sharded.manifest["packets"] as? Int == packets.count - 1)
        #expect(try sharded.manifest["unread_inputs"] as? Int == 1)
    }

    /// What gives a program mounts of its own; `nil` where this user may have none.
    private static let mounting: [String]? = [["--mount"], ["--user", "--map-root-user", "--mount"]].first { options in
        let mount = ["mount", "-t", "tmpfs", "tmpfs", "/tmp"]
        return (try? Wstap.run("/usr/bin/unshare", options + mount))?.status == 0
    }

    @Test(
        "a full disk is told, and nothing stays there: of shards, of a part and of records",
        .enabled(if: mounting != nil, "this user may have no mounts of its own"),
        arguments: [
            "shard CAPTURE --shards 2 -o DISK/shards", "export CAPTURE --to parts -o DISK/a.part",
            "export CAPTURE --to ndjson -o DISK/a.ndjson",
        ])
    func full(command: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("busy.pcap", Self.file(BusyCapture.packets(frames: 4_000, connections: 40)))
        let disk = folder.path("disk")
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
        let line = command.replacing("CAPTURE", with: "'\(path)'").replacing("DISK", with: disk)
        let script = """
            mount -t tmpfs -o size=16k tmpfs '\(disk)' || exit 9
            '\(Wstap.binary.path)' \(line)
            status=$?
            ls -A '\(disk)'
            exit $status
            """
        let run = try Wstap.run("/usr/bin/unshare", try #require(Self.mounting) + ["/bin/sh", "-c", script])
        #expect(run.status == 2 && run.errors.contains("No space left on device"), "\(run.status): \(run.errors)")
        #expect(run.output.isEmpty && run.errors.split(separator: "\n").count == 1, "\(run.output)\(run.errors)")
    }

    /// Begins to divide what comes through a pipe, waits until there are files, and ends it by a signal.
    private func end(by signal: Int32, _ packets: Data, in folder: TemporaryFolder) throws -> Process {
        let process = Process()
        process.executableURL = Wstap.binary
        process.arguments = ["shard", "-", "--shards", "3", "-o", folder.path("shards")]
        let pipe = Pipe()
        process.standardInput = pipe
        try process.run()
        pipe.fileHandleForWriting.write(packets)
        while process.isRunning, try names(in: folder).isEmpty { usleep(1_000) }
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        return process
    }

    private func names(in folder: TemporaryFolder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    }

    @Test("ended by a signal it leaves nothing behind")
    func ended() throws {
        let folder = try TemporaryFolder()
        let packets = Self.file(BusyCapture.packets(frames: 600, connections: 12))
        let process = try end(by: SIGTERM, packets, in: folder)
        #expect(process.terminationReason == .uncaughtSignal)
        #expect(try names(in: folder).isEmpty)
    }

    @Test("killed it leaves nothing under the name that was asked for, and can be run again")
    func killed() throws {
        let folder = try TemporaryFolder()
        let packets = BusyCapture.packets(frames: 20_000, connections: 12)
        let process = try end(by: SIGKILL, Self.file(packets), in: folder)
        #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL)
        #expect(try names(in: folder).allSatisfy { $0.hasPrefix(".wstap-") })
        let path = try folder.file("busy.pcap", Self.file(packets))
        let again = try Wstap.run(["shard", path, "--shards", "3", "-o", folder.path("shards")])
        #expect(again.status == 0, "\(again.errors)")
        let found = try FileManager.default.contentsOfDirectory(atPath: folder.path("shards"))
        #expect(found.sorted() == ["manifest.json", "shard-000.pcapng", "shard-001.pcapng", "shard-002.pcapng"])
    }
}
