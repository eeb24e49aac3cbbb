import Foundation
import TapTestSupport
import Testing

@Suite("What reaches a terminal")
struct TerminalTests {
    static let views: [[String]] = [
        ["read"], ["read", "--payload", "full"], ["read", "--messages"], ["read", "--time", "absolute"],
        ["read", "--color", "always", "--payload", "full"], ["verify"], ["verify", "--color", "always"],
        ["read", "--format", "ndjson"], ["read", "--format", "json", "--messages"], ["verify", "--format", "ndjson"],
        ["verify", "--format", "junit"], ["verify", "--format", "sarif"],
    ]

    /// The first thing in the output that is no plain text; colours that we write ourselves are.
    static func harm(in output: Data, hasColor: Bool = false) -> String? {
        guard let text = String(validating: output, as: UTF8.self) else { return "not UTF-8" }
        let plain = hasColor ? text.replacing(/\u{1B}\[[0-9;]*m/, with: "") : text
        let scalars = Array(plain.unicodeScalars)
        for (index, scalar) in scalars.enumerated() where scalar != "\n" && !scalars.hasJoiner(at: index) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse:
                return "U+\(String(scalar.value, radix: 16))"
            default: continue
            }
        }
        return nil
    }

    @Test("nothing of a capture acts on it, in any view", arguments: HostileText.all)
    func views(_ hostile: HostileText) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("hostile.pcapng", Data(hostile.file))
        for view in TerminalTests.views {
            let result = try Wstap.run(view + [path])
            #expect(result.output.contains("302") && result.errors.isEmpty)
            #expect(TerminalTests.harm(in: result.outputBytes, hasColor: view.contains("always")) == nil, "\(view)")
        }
    }

    @Test("it is the same on a terminal itself", arguments: HostileText.all)
    func terminal(_ hostile: HostileText) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("hostile.pcapng", Data(hostile.file))
        for view in ["read", "read --payload full", "verify"] {
            let run = "stty cols 100; '\(Wstap.binary.path)' \(view) '\(path)'"
            let result = try Wstap.run(
                "/usr/bin/script", ["-qec", run, "/dev/null"], environment: ["TERM": "xterm", "NO_COLOR": ""])
            // The terminal itself writes CR LF for each LF.
            #expect(result.output.contains("302") && result.output.contains("\u{1B}["))
            let bytes = Data(result.outputBytes.filter { $0 != 0x0D })
            #expect(result.outputBytes.count - bytes.count == bytes.count { $0 == 0x0A })
            #expect(TerminalTests.harm(in: bytes, hasColor: true) == nil, "\(view)")
        }
    }

    /// Every place on the command line where a name is quoted.
    private static func commands(_ name: String, _ capture: String) -> [[String]] {
        [
            ["read", "/nowhere/\(name)"], ["verify", "/nowhere/\(name)"], ["read", capture, "-f", name],
            ["export", capture, "--to", "csv", "-o", "/nowhere/\(name)/x"],
            ["export", capture, "--to", name, "-o", "x"],
            ["explain", name], ["verify", capture, "--ignore", name], ["read", capture, "--events", name],
            ["read", capture, "--\(name)"], ["read", capture, "--format", name],
            ["read", capture, "--max-flows", name],
            [name], ["live", "-i", name], ["live", "-i", "lo", "-w", "/nowhere/\(name)"],
            ["live", "-i", "lo", "--user", name], ["live", "-i", "lo", "-f", name], ["live"], ["interfaces", name],
            ["follow", capture, "--sender", name], ["follow", "/nowhere/\(name)"],
            ["stats", capture, "--format", name],
            ["verify", capture, "--fail-on", name], ["read", capture, "--color", name],
        ]
    }

    @Test("nothing of a name acts on it, in any message", arguments: HostileText.all)
    func names(_ hostile: HostileText) throws {
        // A command line cannot hold a NUL.
        let name = String(decoding: hostile.bytes.filter { $0 != 0 }, as: UTF8.self)
        for arguments in TerminalTests.commands(name, Wstap.sample("chat.pcap")) {
            let result = try Wstap.run(arguments)
            #expect(result.status != 0 && !result.errors.isEmpty, "\(arguments)")
            #expect(TerminalTests.harm(in: result.errorBytes) == nil, "\(arguments)")
        }
    }

    @Test("nothing of a file's content or name acts on it", arguments: HostileText.all)
    func files(_ hostile: HostileText) throws {
        let folder = try TemporaryFolder()
        let name = String(decoding: hostile.bytes.filter { $0 != 0 && $0 != 0x2F }, as: UTF8.self)
        for content in [Data("no capture".utf8), Data(hostile.file.prefix(700))] {
            let path = try folder.file(name + ".pcapng", content)
            for view in [["read"], ["verify"], ["read", "--format", "ndjson"], ["verify", "--format", "sarif"]] {
                let result = try Wstap.run(view + [path])
                #expect(result.status == 2 && result.errors.contains("pcapng"))
                #expect(TerminalTests.harm(in: result.errorBytes + result.outputBytes) == nil, "\(view)")
            }
        }
    }

    @Test(
        "nothing that passes an interface acts on it",
        .enabled(if: LiveTests.mayCapture, "this user may not capture on lo"))
    func live() throws {
        let folder = try TemporaryFolder()
        let port = 40_000 + Int.random(in: 0..<5_000)
        let live = try LiveRun(["live", "-i", "lo", "-f", "tcp port \(port)"], in: folder)
        let peers = try Wstap.run(
            "/usr/bin/python3",
            [
                "-c",
                """
                import socket
                evil = b"\\x1b[31m\\x1b]0;t\\x07\\x9b1m\\r\\x08\\xe2\\x80\\xae\\xc2\\x9b"
                listener = socket.create_server(("127.0.0.1", \(port)))
                client = socket.create_connection(("127.0.0.1", \(port)))
                server = listener.accept()[0]
                client.sendall(b"GET /" + evil + b" HTTP/1.1\\r\\nUpgrade: websocket\\r\\nOrigin: " + evil + b"\\r\\n\\r\\n")
                server.recv(1000)
                server.sendall(b"HTTP/1.1 101 " + evil + b"\\r\\nUpgrade: websocket\\r\\nServer: " + evil + b"\\r\\n\\r\\n")
                client.recv(1000)
                server.sendall(bytes([0x81, len(evil)]) + evil + bytes([0x88, len(evil) + 2, 3, 232]) + evil)
                client.recv(1000)
                """,
            ])
        #expect(peers.status == 0, "\(peers.errors)")
        let result = try live.stop()
        #expect(result.output.contains("← server"))
        #expect(TerminalTests.harm(in: result.outputBytes + result.errorBytes) == nil)
    }
}
