import Foundation
import Testing

@Suite(
    "Key logs beside a live capture", .serialized,
    .enabled(if: LiveTests.mayCapture, "this user may not capture on lo"))
struct LiveKeyLogTests {
    /// When the keys of a connection come into the log that is followed.
    enum Moment: CaseIterable {
        case withHandshake
        /// After all that is said, when no further packet comes.
        case whileIdle
    }

    @Test("what is said is shown once its keys are there, while the connection is open", arguments: Moment.allCases)
    func shown(moment: Moment) throws {
        let folder = try TemporaryFolder()
        let followed = try folder.file("followed.log", Data())
        let keys = moment == .withHandshake ? followed : folder.path("keys.log")
        let live = try LiveRun(["live", "-i", "lo", "--format", "ndjson", "--keylog", followed], in: folder)
        let peers = try SecurePeers(["first", "second"], keys: keys, in: folder)
        try wait { try peers.said() == "first\nsecond\n" }
        if moment == .whileIdle {
            #expect(try Self.texts(live.written()).isEmpty)
            try Data(contentsOf: URL(fileURLWithPath: keys)).write(to: URL(fileURLWithPath: followed))
        }
        try wait { try Self.texts(live.written()).count >= 4 }
        #expect(try Self.texts(live.written()) == ["first", "first", "second", "second"])
        #expect(peers.areTalking)
        try peers.end()
        let result = try live.stop()
        #expect(result.status == 0)
        #expect(Self.texts(result.output) == ["first", "first", "second", "second"])
        let names = result.records("handshake").compactMap { ($0["tls"] as? [String: Any])?["server_name"] as? String }
        #expect(names.contains("localhost"))
    }

    @Test("a connection that has ended before its keys are there is shown once they are")
    func ended() throws {
        let folder = try TemporaryFolder()
        let (followed, keys) = (try folder.file("followed.log", Data()), folder.path("keys.log"))
        let live = try LiveRun(["live", "-i", "lo", "--format", "ndjson", "--keylog", followed], in: folder)
        let peers = try SecurePeers(["first", "second"], keys: keys, in: folder)
        try peers.end()
        // Time for it to see the end; what is shown does not depend on it.
        usleep(300_000)
        try Data(contentsOf: URL(fileURLWithPath: keys)).write(to: URL(fileURLWithPath: followed))
        try wait { try Self.texts(live.written()).count >= 4 }
        let result = try live.stop()
        #expect(Self.texts(result.output) == ["first", "first", "second", "second"])
    }

    /// What the peers said, among all that is said on the loopback, sorted: one side's keys may come before the other's.
    private static func texts(_ records: String) -> [String] {
        let lines = records.split(separator: "\n").filter { $0.contains(#""type":"frame""#) }
        return lines.compactMap { line in
            ["first", "second"].first { line.contains("\"payload\":\"\($0)\"") }
        }.sorted()
    }

    /// Returns when something has come to be, and fails where it does not.
    private func wait(for condition: () throws -> Bool) throws {
        for _ in 0..<1_000 {
            if try condition() { return }
            usleep(10_000)
        }
        let hasCome = try condition()
        try #require(hasCome)
    }
}

/// A client and a server in TLS that hold their connection open once all is said.
private final class SecurePeers {
    private let process = Process()
    private let output: String
    private let done: String

    init(_ texts: [String], keys: String, in folder: TemporaryFolder) throws {
        output = try folder.file("peers.output", Data())
        done = folder.path("peers.done")
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        let script = Wstap.project.appendingPathComponent("Tests/Peers/secure.py").path
        process.arguments = [script, "--until", done] + texts
        process.environment = ProcessInfo.processInfo.environment.merging(["SSLKEYLOGFILE": keys]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        try process.run()
    }

    deinit { if process.isRunning { process.terminate() } }

    var areTalking: Bool { process.isRunning }

    func said() throws -> String { try String(contentsOfFile: output, encoding: .utf8) }

    /// Lets them close their connection.
    func end() throws {
        try Data().write(to: URL(fileURLWithPath: done))
        process.waitUntilExit()
    }
}
