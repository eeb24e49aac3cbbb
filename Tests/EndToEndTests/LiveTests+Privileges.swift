import Foundation
import Testing

extension LiveTests {
    private static let isRoot = geteuid() == 0
    private static let nobody = "65534 65534 65534 65534"

    @Test(
        "a capture goes on as another user, and cannot become root again",
        .enabled(if: mayCapture && isRoot, "only root can become somebody else"),
        arguments: [["--user", "nobody"], []])
    func drops(options: [String]) throws {
        let folder = try TemporaryFolder()
        // Only root may write here.
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.url.path)
        let port = 30_000 + Int.random(in: 0..<10_000)
        let kept = folder.path("kept.pcapng")
        let live = try LiveRun(
            ["live", "-i", "lo", "-f", "tcp port \(port)", "--format", "ndjson", "-w", kept] + options, in: folder,
            environment: options.isEmpty ? ["SUDO_UID": "65534", "SUDO_GID": "65534"] : [:])
        let status = try live.status()
        #expect(status["Uid"] == LiveTests.nobody && status["Gid"] == LiveTests.nobody)
        #expect(status["Groups"] == "65534")
        #expect(status["CapEff"] == "0000000000000000" && status["CapPrm"] == "0000000000000000")

        let echo = Wstap.project.appendingPathComponent("Tests/Peers/echo.py").path
        #expect(try Wstap.run("/usr/bin/python3", [echo, "\(port)", "1", "5"]).status == 0)
        let result = try live.stop()
        #expect(result.status == 0 && result.errors.contains("wstap: going on as nobody\n"))
        #expect(result.records("frame").count { $0["kind"] as? String == "text" } == 10)
        let attributes = try FileManager.default.attributesOfItem(atPath: kept)
        #expect(attributes[.posixPermissions] as? Int == 0o600 && attributes[.ownerAccountID] as? Int == 65_534)
        #expect(
            try Wstap.run(["read", "--format", "ndjson", kept]).records("frame").count == result.records("frame").count)
    }

    @Test("a user who is not there is an error", .enabled(if: mayCapture, "this user may not capture on lo"))
    func noUser() throws {
        let result = try Wstap.run(["live", "-i", "lo", "--user", "no\u{1B}body", "--duration", "0.1"])
        #expect(result.status == 2 && result.errors == "wstap: there is no user no\\x1bbody (--user)\n")
    }

    @Test("only root becomes another user", .enabled(if: isRoot, "only root can become somebody else"))
    func notPermitted() throws {
        let folder = try TemporaryFolder()
        let copy = try Wstap.copy(for: folder)
        let result = try Wstap.run(
            "/usr/bin/setpriv",
            ["--reuid=65534", "--regid=65534", "--clear-groups", copy.path, "live", "-i", "lo", "--user", "root"],
            environment: copy.environment)
        #expect(result.status == 2 && result.errors.contains("only root can go on as root (--user)"))
    }

    @Test(
        "what -w names is emptied where it is a file, and refused where it is a link",
        .enabled(if: mayCapture, "this user may not capture on lo"))
    func existing() throws {
        let folder = try TemporaryFolder()
        let old = try folder.file("old", Data("something that is longer than what comes".utf8))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: old)
        #expect(try Wstap.run(["live", "-i", "lo", "-f", "udp port 9", "--duration", "0.1", "-w", old]).status == 0)
        #expect(try FileManager.default.attributesOfItem(atPath: old)[.posixPermissions] as? Int == 0o600)
        #expect(try Data(contentsOf: URL(fileURLWithPath: old)).starts(with: [0x0A, 0x0D, 0x0D, 0x0A]))
        let target = try folder.file("target", Data("precious".utf8))
        let link = folder.path("link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
        let result = try Wstap.run(["live", "-i", "lo", "--duration", "0.1", "-w", link])
        #expect(result.status == 2 && result.errors.contains("symbolic link"))
        #expect(try String(contentsOfFile: target, encoding: .utf8) == "precious")
    }
}
