import Foundation
import TapTestSupport
import Testing

/// What the program does not do is said.
@Suite("What is not done is said")
struct SaidLimitTests {
    @Test(
        "where one thread analyzes although four were wanted",
        arguments: [
            (["--max-flows", "1000"], "lowered limits"), (["--max-head-total", "4096"], "lowered limits"),
            (["--max-undecided", "5"], "lowered limits"), (["-f", "tcp"], "capture filter"),
            (["--max-findings", "3"], ""),
            ([], ""),
        ] as [([String], String)])
    func threads(limits: [String], words: String) throws {
        let arguments = ["read", "--events", "summary"] + limits + [Wstap.sample("chat.pcap")]
        let four = try Wstap.run(arguments + ["--threads", "4"])
        #expect(four.status == 0)
        #expect(words.isEmpty ? four.errors.isEmpty : four.errors.contains(words), "\(four.errors)")
        #expect(try Wstap.run(arguments).errors.isEmpty)
    }

    @Test("a pipe in place of the configuration file is an error, and nobody waits for it", .timeLimit(.minutes(1)))
    func pipe() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            at: folder.url.appendingPathComponent("wstap"), withIntermediateDirectories: true)
        #expect(try Wstap.shell("mkfifo '\(folder.path("wstap/config.toml"))'").status == 0)
        let result = try Wstap.run(
            ["read", Wstap.sample("chat.pcap")], environment: ["XDG_CONFIG_HOME": folder.url.path])
        #expect(result.status == 64 && result.errors.contains("config.toml: a pipe, where a file is expected"))
    }

    @Test("packets whose headers contradict themselves are as many with any number of threads")
    func malformed() throws {
        let packets = (0..<99).map { number in
            var tcp = TCPBytes([1, 2, 3])
            tcp.sourcePort = UInt16(1_000 + number)
            tcp.statedHeaderWords = [0, 4, 15][number % 3]
            return CapturedPacket(IPv4Bytes(tcp.bytes))
        }
        let folder = try TemporaryFolder()
        let path = try folder.file("malformed.pcap", Data(CaptureBuilder.pcap(packets).bytes))
        for threads in ["1", "2", "4"] {
            let result = try Wstap.run(["read", "--format", "ndjson", "--threads", threads, path])
            let others = result.records("summary").first?["other_packets"] as? [String: Int]
            #expect(others == ["malformed": 99], "\(threads)")
        }
    }

    @Test("a terminal that is closed ends a live capture with its summary", arguments: [SIGHUP, SIGTERM])
    func hangUp(signal: Int32) throws {
        guard LiveTests.mayCapture else { return }
        let folder = try TemporaryFolder()
        let live = try LiveRun(["live", "-i", "lo", "-f", "tcp port 9", "--format", "ndjson"], in: folder)
        let result = try live.stop(by: signal)
        #expect(result.status == 0 && result.records("summary").count == 1)
    }
}
