import Foundation
import Testing

/// What Wireshark asks of the programs in its extcap folder. https://www.wireshark.org/docs/man-pages/extcap.html
@Suite("A source of packets for Wireshark", .serialized)
struct ExtcapTests {
    /// The program as it lies in Wireshark's folder.
    private static func link(in folder: TemporaryFolder) throws -> String {
        let path = folder.path("extcap/wstap-extcap")
        try FileManager.default.createDirectory(atPath: folder.path("extcap"), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: Wstap.binary.path)
        return path
    }

    @Test("says what there is")
    func questions() throws {
        let folder = try TemporaryFolder()
        let program = try ExtcapTests.link(in: folder)
        let interfaces = try Wstap.run(program, ["--extcap-interfaces", "--extcap-version=4.0"])
        let lines = interfaces.output.split(separator: "\n")
        #expect(interfaces.status == 0 && lines.first?.hasPrefix("extcap {version=") == true)
        #expect(lines.contains("interface {value=wstap-lo}{display=WebSocket on lo}"))
        let packets = try Wstap.run(program, ["--extcap-interface", "wstap-lo", "--extcap-dlts"])
        #expect(packets.output == "dlt {number=101}{name=RAW}{display=Raw IP}\n")
        let settings = try Wstap.run(program, ["--extcap-interface", "wstap-lo", "--extcap-config"])
        #expect(settings.output.hasPrefix("arg {number=0}{call=--keylog}") && settings.status == 0)
        let good = try Wstap.run(
            program, ["--extcap-interface", "wstap-lo", "--extcap-capture-filter", "tcp port 8080"])
        let bad = try Wstap.run(
            program, ["--extcap-interface", "wstap-lo", "--extcap-capture-filter", "tcp prot 8080"])
        #expect(good.status == 0 && good.output.isEmpty && bad.status == 64 && bad.errors.contains("tcp prot"))
        #expect(try Wstap.run(program, []).status == 64)
        #expect(try Wstap.run(program, ["--capture", "--extcap-interface", "wstap-lo"]).status == 64)
    }

    private static let alone: [String]? = Wstap.ownNetwork.map { $0 + ["--mount"] }.flatMap { options in
        (try? Wstap.run("/usr/bin/unshare", options + ["mount", "--bind", "/tmp", "/tmp"]))?.status == 0 ? options : nil
    }

    @Test(
        "gives tshark the frames of connections, also in TLS",
        .enabled(if: alone != nil, "this user may have no network and no mounts of its own"))
    func frames() throws {
        let folder = try TemporaryFolder()
        _ = try ExtcapTests.link(in: folder)
        let script = Wstap.project.appendingPathComponent("Tests/Peers/extcap.py").path
        let command = try #require(CookbookTests.blocks.first { $0.commands[0].program == "tshark" }).commands[0]
        let run = try Wstap.run(
            "/usr/bin/unshare",
            try #require(ExtcapTests.alone) + [
                "/usr/bin/python3", script, folder.path("extcap"), folder.path("keys"), command.line,
            ])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output == command.output)
        // tshark calls whatever the source says an error.
        #expect(!run.errors.contains("Error by extcap"), "\(run.errors)")
        // Each text there, masked, and back, and the two close frames.
        let texts = ["one", "two", "three"].flatMap { ["1 1 \($0)", "1 0 \($0)"] }
        let talk = texts + ["8 1 ", "8 0 "]
        let rows = run.output.split(separator: "\n").map { String($0).replacing("\t", with: " ") }
        #expect(rows == talk, "\(run.output)\(run.errors)")
    }
}
