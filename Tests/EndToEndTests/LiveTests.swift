import Foundation
import Testing

@Suite("Live capture", .serialized)
struct LiveTests {
    static let mayCapture: Bool = {
        let result = try? Wstap.run(["interfaces"])
        let loopback = result?.output.split(separator: "\n").first { $0.hasPrefix("lo ") }
        return loopback?.contains(" yes ") ?? false
    }()

    @Test(
        "every frame of 20 clients and 10,000 messages is seen, and the counts are those of the peers",
        .enabled(if: mayCapture, "this user may not capture on lo"),
        .disabled(if: Instrumentation.isPresent, "a sanitizer is too slow for this pace"))
    func twentyClients() throws {
        let folder = try TemporaryFolder()
        let port = 20_000 + Int.random(in: 0..<10_000)
        let live = try LiveRun(
            [
                "live", "-i", "lo", "-f", "tcp port \(port)", "--format", "ndjson",
                "-w", folder.path("kept.pcapng"),
            ], in: folder)
        let peers = try Wstap.run(
            "/usr/bin/python3",
            [Wstap.project.appendingPathComponent("Tests/Peers/echo.py").path, "\(port)", "20", "250"])
        let counted = try JSONSerialization.jsonObject(with: Data(peers.output.utf8)) as? [String: Int]
        let counts = try #require(counted, "\(peers.errors)")
        let result = try live.stop()

        #expect(result.status == 0)
        #expect(counts["client_sent"] == 5_000 && counts["server_sent"] == 5_000)
        let texts = result.records("frame").filter { $0["kind"] as? String == "text" }
        #expect(texts.count { $0["sender"] as? String == "client" } == counts["client_sent"])
        #expect(texts.count { $0["sender"] as? String == "server" } == counts["server_sent"])
        let summary = try #require(result.records("summary").first)
        #expect(summary["connections"] as? Int == counts["connections"])
        #expect((summary["finding_counts"] as? [String: Int])?.isEmpty == true)
        #expect(summary["dropped"] as? Int == 0)
        #expect(result.errors.contains("0 dropped by the kernel"))

        let kept = try Wstap.run(["read", "--format", "ndjson", "--events", "frame", folder.path("kept.pcapng")])
        #expect(kept.records("frame").count == result.records("frame").count)
        let mode = try FileManager.default.attributesOfItem(atPath: folder.path("kept.pcapng"))[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }

    @Test(
        "what passed before the end is told, however far wstap lags behind",
        .enabled(if: mayCapture, "this user may not capture on lo"))
    func lagging() throws {
        let folder = try TemporaryFolder()
        let port = 20_000 + Int.random(in: 0..<10_000)
        let live = try LiveRun(["live", "-i", "lo", "-f", "tcp port \(port)", "--format", "ndjson"], in: folder)
        live.pause()
        let peers = try Wstap.run(
            "/usr/bin/python3",
            [Wstap.project.appendingPathComponent("Tests/Peers/echo.py").path, "\(port)", "3", "50"])
        live.interruptAndGoOn()
        let result = try live.wait()
        #expect(peers.status == 0)
        #expect(result.status == 0)
        #expect(result.records("frame").count { $0["kind"] as? String == "text" } == 300)
        #expect(result.records("connection").count == 3)
    }

    @Test("--count and --duration end a capture", .enabled(if: mayCapture, "this user may not capture on lo"))
    func ends() throws {
        let folder = try TemporaryFolder()
        let byCount = try LiveRun(
            ["live", "-i", "lo", "-f", "udp port 9", "--count", "3", "--format", "ndjson"], in: folder)
        let sent = try Wstap.run(
            "/usr/bin/python3",
            [
                "-c",
                """
                import socket
                s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                for _ in range(50): s.sendto(b"x", ("127.0.0.1", 9))
                """,
            ])
        #expect(sent.status == 0)
        let result = try byCount.wait()
        #expect(result.status == 0)
        #expect(result.records("summary").first?["packets"] as? Int == 3)
        let byTime = try Wstap.run(["live", "-i", "lo", "-f", "udp port 9", "--duration", "0.2"])
        #expect(byTime.status == 0)
    }

    @Test("an interface that is not there is an error that names those that are")
    func noInterface() throws {
        let result = try Wstap.run(["live", "-i", "nosuch0"])
        #expect(result.status == 2)
        #expect(result.errors.contains("nosuch0"))
    }

    @Test(
        "without the right to capture, the error names the remedy",
        .enabled(if: geteuid() == 0, "only root can become somebody else"))
    func noPermission() throws {
        let folder = try TemporaryFolder()
        let copy = try Wstap.copy(for: folder)
        let result = try Wstap.run(
            "/usr/bin/setpriv",
            ["--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all", copy.path, "live", "-i", "lo"],
            environment: copy.environment)
        #expect(result.status == 2)
        #expect(result.errors.contains("sudo"))
        #expect(result.errors.contains("setcap cap_net_raw"), "\(result.errors)")
        #expect(result.errors.contains(copy.path))
    }
}
