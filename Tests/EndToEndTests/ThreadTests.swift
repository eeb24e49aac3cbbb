import Foundation
import TapTestSupport
import Testing

/// Several threads give what one gives, byte by byte.
@Suite("Threads")
struct ThreadTests {
    private static let frames = 20_000

    /// Long enough to be read ahead, and for many batches of records.
    private static let busy = CaptureBuilder.pcap(BusyCapture.packets(frames: frames, connections: 20)).bytes

    @Test(
        "do not change what is written",
        arguments: [
            ["read"], ["read", "--messages", "-x"], ["read", "--format", "ndjson"], ["read", "--format", "json"],
            ["read", "--format", "ndjson", "-Y", "message.text contains \"7\""], ["read", "--events", "summary"],
            ["read", "--format", "ndjson", "--redact", "payload"], ["export", "-o", "-", "--to", "csv"],
            ["export", "-o", "-", "--to", "har"], ["export", "-o", "-", "--to", "html"], ["stats"], ["verify"],
            ["follow", "--connection", "3"],
        ])
    func same(arguments: [String]) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("busy.pcap", Data(ThreadTests.busy))
        let alone = try Wstap.run(arguments + ["--threads", "1", path])
        #expect(alone.status == 0 && !alone.output.isEmpty, "\(alone.errors)")
        for threads in [["--threads", "2"], ["--threads", "4"], []] {
            let together = try Wstap.run(arguments + threads + [path])
            #expect(together.outputBytes == alone.outputBytes)
            #expect(together.errorBytes == alone.errorBytes)
            #expect(together.status == alone.status)
        }
    }

    /// With 2, one reads ahead; with 4, two analyze. The one that writes starts with the second batch.
    @Test(
        "are started for the busy capture",
        .disabled(if: Instrumentation.isPresent, "a sanitizer has a thread of its own"),
        arguments: [("1", 1), ("2", 2), ("4", 3)])
    func started(threads: String, count: Int) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("busy.pcap", Data(ThreadTests.busy))
        let process = Process()
        process.executableURL = Wstap.binary
        process.arguments = ["read", "--format", "ndjson", "--threads", threads, path]
        // Nobody reads the pipe, which holds a small part of the first batch: the program waits there, with its threads.
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        defer { process.terminate() }
        var written = pollfd(fd: pipe.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
        try #require(poll(&written, 1, -1) == 1 && written.revents & Int16(POLLIN) != 0)
        let tasks = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process.processIdentifier)/task")
        #expect(tasks.count == count)
    }

    @Test("read what can be read only once", arguments: ["<(cat %)", "- < %", "/dev/stdin < %", "- < <(cat %)"])
    func once(input: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("busy.pcap", Data(ThreadTests.busy))
        let alone = try Wstap.run(["read", "--format", "ndjson", "--threads", "1", path])
        for threads in ["", "--threads 4"] {
            let source = input.replacing("%", with: "'\(path)'")
            let together = try Wstap.shell("wstap read --format ndjson \(threads) \(source)")
            #expect(together.outputBytes == alone.outputBytes && together.status == 0, "\(together.errors)")
        }
    }

    @Test("end where nobody reads any more, and say where nothing can be written", arguments: ["1", "2", "4"])
    func ends(threads: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("busy.pcap", Data(ThreadTests.busy))
        let command = "wstap read --threads \(threads) --format ndjson '\(path)'"
        let closed = try Wstap.shell("\(command) | head -n 1 > /dev/null; echo ${PIPESTATUS[0]}")
        #expect(closed.output == "0\n" && closed.errors.isEmpty, "\(closed.errors)")
        let full = try Wstap.shell("\(command) > /dev/full; echo $? >&2")
        #expect(full.errors.contains("No space left on device"))
        #expect(full.errors.hasSuffix("\n2\n"), "\(full.errors)")
    }

    @Test("must be one at least")
    func none() throws {
        #expect(try Wstap.run(["read", "--threads", "0", Wstap.sample("chat.pcap")]).status == 64)
    }
}
