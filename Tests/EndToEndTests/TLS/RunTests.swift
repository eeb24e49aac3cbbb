import Foundation
import Testing

@Suite(
    "Programs that are run beside the capture", .serialized,
    .enabled(if: LiveTests.mayCapture, "this user may not capture on lo"))
struct RunTests {
    private static let peers = Wstap.project.appendingPathComponent("Tests/Peers/secure.py").path

    private static let exits: [(arguments: [String], code: Int32)] = [
        (["-i", "lo", "--", "true"], 0), (["-i", "lo", "--", "sh", "-c", "exit 7"], 7),
        (["-i", "lo", "--", "sh", "-c", "kill -TERM $$"], 143), (["-i", "lo", "--", "/nonexistent"], 127),
        (["-i", "lo", "--", "/etc/passwd"], 126), (["-i", "no-such-interface", "--", "true"], 125),
        (["-i", "lo"], 64), (["-i", "lo", "--"], 64),
    ]

    @Test("the exit code is the program's", arguments: exits.indices)
    func exit(index: Int) throws {
        let (arguments, code) = Self.exits[index]
        let result = try Wstap.run(["run"] + arguments)
        #expect(result.status == code, "\(result.errors)")
    }

    @Test("what a program says in TLS is read with the keys that it writes, and nobody else gets them")
    func secure() throws {
        let folder = try TemporaryFolder()
        let (report, kept) = (folder.path("report.ndjson"), folder.path("kept.pcapng"))
        let temporary = folder.path("keys")
        try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: false)
        let result = try Wstap.run(
            [
                "run", "-i", "lo", "--format", "ndjson", "-o", report, "-w", kept, "--", "/usr/bin/python3", Self.peers,
                "first", "second",
            ], environment: ["TMPDIR": temporary])
        #expect(result.status == 0 && result.output == "first\nsecond\n", "\(result.errors)")
        // Others may talk on the loopback meanwhile, and all that they say is kept.
        let read = try Wstap.run(["read", "--format", "ndjson", "-Y", "tls.keys == capture", kept])
        for written in [try String(contentsOfFile: report, encoding: .utf8), read.output] {
            let lines = written.split(separator: "\n")
            let texts = lines.filter { $0.contains(#""kind":"text""#) }
            #expect(texts.count { $0.contains(#""payload":"first""#) } == 2)
            #expect(texts.count { $0.contains(#""payload":"second""#) } == 2 && texts.count == 4)
            let handshakes = lines.filter { $0.contains(#""type":"handshake""#) }
            #expect(handshakes.contains { $0.contains(#""server_name":"localhost""#) })
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary).isEmpty)
        let mode = try FileManager.default.attributesOfItem(atPath: kept)[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }

    @Test("a signal for wstap is one for the program")
    func signals() throws {
        let folder = try TemporaryFolder()
        let ready = folder.path("ready")
        let process = Process()
        process.executableURL = Wstap.binary
        process.arguments = [
            "run", "-i", "lo", "--", "sh", "-c", "trap 'exit 5' TERM; touch \(ready); while :; do sleep 0.05; done",
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        while process.isRunning, !FileManager.default.fileExists(atPath: ready) { usleep(10_000) }
        process.terminate()
        process.waitUntilExit()
        #expect(process.terminationStatus == 5)
    }
}
