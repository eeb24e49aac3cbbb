import Foundation
import Testing

@Suite("Captures of chosen connections")
struct CarvedCaptureTests {
    private func tshark(_ path: String, _ fields: [String], _ filter: String = "") throws -> [[String]] {
        let result = try Wstap.run(
            "/usr/bin/tshark", ["-r", path, "-T", "fields", "-Y", filter] + fields.flatMap { ["-e", $0] })
        #expect(result.status == 0, "\(result.errors)")
        return result.output.split(separator: "\n").map {
            $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }
    }

    @Test("a connection is carved out whole, and has the same frames", arguments: ["twenty.pcap", "any.pcapng"])
    func connection(name: String) throws {
        let folder = try TemporaryFolder()
        let before = try Wstap.run(["read", "--format", "ndjson", Wstap.sample(name)])
        let last = try #require(before.records("handshake").compactMap { $0["connection"] as? Int }.max())
        let path = try Consumer.export(Wstap.sample(name), to: "pcapng", in: folder, ["--connection", "\(last)"])
        let after = try Wstap.run(["read", "--format", "ndjson", path])
        #expect(after.records("connection").count == 1)
        let frames = { (records: [[String: Any]]) in
            records.map { "\($0["time"] ?? "") \($0["sender"] ?? "") \($0["payload"] ?? "")" }
        }
        let wanted = before.records("frame").filter { $0["connection"] as? Int == last }
        #expect(frames(after.records("frame")) == frames(wanted))
        #expect(!wanted.isEmpty)
        // From the first SYN on, and nothing of others.
        let flows = try tshark(path, ["tcp.stream", "tcp.flags.syn"])
        #expect(Set(flows.map { $0[0] }) == ["0"])
        #expect(["1", "True"].contains(try #require(flows.first)[1]))
        let port = try #require((wanted.isEmpty ? nil : before.records("handshake").last?["client"]) as? [String: Any])
        let all = try tshark(Wstap.sample(name), ["frame.number"], "tcp.port == \(port["port"] ?? 0)")
        #expect(flows.count == all.count)
    }

    @Test("tshark shows the findings as comments on their packets", arguments: ["wrong-accept.pcap", "lossy.pcap"])
    func comments(name: String) throws {
        let folder = try TemporaryFolder()
        let path = try Consumer.export(Wstap.sample(name), to: "pcapng", in: folder)
        let rows = try tshark(path, ["frame.time_epoch", "frame.comment"], "frame.comment")
        let text = rows.map { $0[1] }.joined(separator: "\n")
        let read = try Wstap.run(["read", "--format", "ndjson", Wstap.sample(name)])
        let findings = read.records("finding")
        #expect(!findings.isEmpty)
        for finding in findings {
            let connection = try #require(finding["connection"] as? Int)
            let id = try #require(finding["id"] as? String)
            #expect(text.contains("wstap: connection \(connection): \(id) ("), "\(id)")
        }
        let handshakes = read.records("handshake").count
        #expect(text.components(separatedBy: ": handshake ").count == handshakes + 1)
        #expect(try Wstap.run(["read", "--format", "ndjson", path]).records("finding").count == findings.count)
    }

    /// Those whose second connection begins with a SYN of its own.
    static let clearlyReusedPorts = [
        "ports that are used again", "ports that are used again with lower sequence numbers",
        "ports that are used again after an end that was not captured", "ports that are used again after a reset",
    ]
    static let reusedPorts = HardCapture.tcpPorts.filter { $0.frames.count > 8 }

    @Test("of connections on the same ports, each is carved out by itself", arguments: reusedPorts, [1, 2])
    func ports(capture: HardCapture, connection: Int) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("reused.pcapng", Data(capture.file))
        let carved = try Consumer.export(path, to: "pcapng", in: folder, ["--connection", "\(connection)"])
        let read = try Wstap.run(["read", "--format", "ndjson", carved])
        let texts = read.records("frame").compactMap { $0["payload"] as? String }
        #expect(texts.contains("hello \(connection)"))
        guard CarvedCaptureTests.clearlyReusedPorts.contains(capture.name) else { return }
        #expect(read.records("handshake").count == 1)
        #expect(!texts.contains("hello \(3 - connection)"))
        #expect(read.records("frame").count == capture.frames.count / 2)
    }

    static let separateNetworks = HardCapture.separateNetworks.filter { $0.frames.count > 8 }
    static let changingNetworks = HardCapture.separateNetworks.filter { $0.frames.count <= 8 }

    @Test(
        "of connections with the same addresses in different networks, each is carved out by itself",
        arguments: separateNetworks, [1, 2])
    func networks(capture: HardCapture, connection: Int) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("networks.pcapng", Data(capture.file))
        let before = try Wstap.run(["read", "--format", "ndjson", path])
        let carved = try Consumer.export(path, to: "pcapng", in: folder, ["--connection", "\(connection)"])
        let read = try Wstap.run(["read", "--format", "ndjson", carved])
        let packets = { (result: Wstap.Result) in result.records("summary").first?["packets"] as? Int }
        #expect(packets(read).map { $0 * 2 } == packets(before))
        #expect(read.records("handshake").count == 1)
        let texts = { (records: [[String: Any]]) in records.compactMap { $0["payload"] as? String } }
        let wanted = before.records("frame").filter { $0["connection"] as? Int == connection }
        #expect(texts(read.records("frame")) == texts(wanted) && !wanted.isEmpty)
    }

    @Test("a connection over several networks is carved out whole", arguments: changingNetworks)
    func ways(capture: HardCapture) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("ways.pcapng", Data(capture.file))
        let carved = try Consumer.export(path, to: "pcapng", in: folder, ["--connection", "1"])
        let packets = try [path, carved].map { path in
            try Wstap.run(["read", "--format", "ndjson", path]).records("summary").first?["packets"] as? Int
        }
        #expect(packets[0] == packets[1] && packets[0] != nil)
    }

    @Test("there are such captures")
    func hasReusedPorts() {
        #expect(CarvedCaptureTests.separateNetworks.count > 5 && CarvedCaptureTests.changingNetworks.count > 5)
        let names = Set(CarvedCaptureTests.reusedPorts.map(\.name))
        #expect(names.isSuperset(of: CarvedCaptureTests.clearlyReusedPorts))
    }

    @Test("what is to be read is not written to", arguments: ["pcapng", "csv", "sqlite"])
    func sameFile(format: String) throws {
        let folder = try TemporaryFolder()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: Wstap.sample("chat.pcap")))
        let path = try folder.file("chat.pcap", bytes)
        #expect(try Wstap.run(["export", path, "--to", format, "-o", path]).status == 64)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
        let inFolder = try Wstap.run(["export", folder.url.path, "--to", "pcapng", "-o", folder.path("new.pcapng")])
        #expect(inFolder.status == 64)
    }

    @Test("where there is nothing to write, that is said")
    func nothing() throws {
        let folder = try TemporaryFolder()
        for arguments in [[Wstap.sample("others/ftp.pcap")], [Wstap.sample("chat.pcap"), "--host", "nobody"]] {
            let path = folder.path("out.pcapng")
            let result = try Wstap.run(["export", "--to", "pcapng", "-o", path] + arguments)
            #expect(result.status == 0)
            #expect(result.errors == "wstap: no WebSocket connection to write: \(path) holds no packets\n")
        }
    }

    @Test("input that can be read only once is wrong usage")
    func standardInput() throws {
        let result = try Wstap.shell("cat \(Wstap.sample("chat.pcap")) | wstap export - --to pcapng -o /dev/null")
        #expect(result.status == 64)
        #expect(result.errors.contains("more than once"))
    }
}
