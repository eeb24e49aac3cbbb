import Foundation
import TapTestSupport
import Testing

/// What a pcapng file says beside its packets, and what a capture holds twice: the same for any number of threads.
@Suite("What a capture says beside its packets")
struct AnnotatedCaptureTests {
    private static let packets = Dialogue.whole().segments.packets()

    /// What is written with one thread, with several, and divided, which must be the same.
    private static func run(_ arguments: [String], _ files: [[UInt8]]) throws -> Wstap.Result {
        let folder = try TemporaryFolder()
        let paths = try files.enumerated().map { try folder.file("\($0).pcapng", Data($1)) }
        let alone = try Wstap.run(["read", "--threads", "1"] + arguments + paths)
        for threads in ["2", "4"] {
            let together = try Wstap.run(["read", "--threads", threads] + arguments + paths)
            #expect(together.output == alone.output && together.errors == alone.errors)
        }
        #expect(alone.status == 0)
        return alone
    }

    /// The dialogue with a block in it before a packet.
    private static func capture(_ type: UInt32, _ body: [UInt8], before place: Int, options: [UInt8] = []) -> [UInt8] {
        var file = CaptureBuilder.pcapng()
        file.interface(resolution: 9)
        for (index, packet) in packets.enumerated() {
            if index == place { file.block(type) { $0.append(body) } }
            let ticks = UInt64(clamping: packet.header.timestamp.nanoseconds)
            file.enhancedPacket(ticks: ticks, options: options, as: PacketRecord(packet))
        }
        if place >= packets.count { file.block(type) { $0.append(body) } }
        return file.bytes
    }

    private static let names = CaptureBuilder.option(
        1, [192, 0, 2, 1] + Array("first.test\0the client\u{1B}[31m\0".utf8))

    private static func clientNames(_ run: Wstap.Result, _ type: String) -> [String]? {
        (run.records(type).first?["client"] as? [String: Any])?["names"] as? [String]
    }

    @Test("names stand beside addresses where they are asked for, wherever the block is", arguments: [0, 6, 999])
    func names(place: Int) throws {
        let capture = Self.capture(4, Self.names, before: place)
        let records = try Self.run(["--names", "--format", "ndjson"], [capture])
        for type in ["handshake", "connection"] {
            #expect(Self.clientNames(records, type) == ["first.test", "the client\u{1B}[31m"])
            #expect((records.records(type).first?["server"] as? [String: Any])?["names"] == nil)
        }
        #expect(!records.output.utf8.contains(0x1B))
        let table = try Self.run(["--names", "--color", "never"], [capture]).output
        #expect(table.contains("192.0.2.1:49152 (the client\\x1b[31m) → 198.51.100.2:80"), "\(table)")
        let without = try Self.run(["--format", "ndjson"], [capture])
        #expect(Self.clientNames(without, "handshake") == nil)
        #expect(without.output == (try Self.run(["--format", "ndjson"], [Self.capture(9, [], before: 999)]).output))
    }

    @Test("names of any file are those of all, and secrets in them are taken out with the others")
    func merged() throws {
        let secret = CaptureBuilder.option(1, [192, 0, 2, 1] + Array("token=abcdefghijklmnop0123\0".utf8))
        var other = CaptureBuilder.pcapng()
        other.block(4) { $0.append(secret) }
        let files = [Self.capture(4, [], before: 0), other.bytes]
        let shown = try Self.run(["--names", "--format", "ndjson"], files)
        #expect(Self.clientNames(shown, "handshake") == ["token=abcdefghijklmnop0123"])
        let redacted = try Self.run(["--names", "--redact=secrets", "--format", "ndjson"], files)
        #expect(Self.clientNames(redacted, "handshake") == ["token=********************"])
    }

    @Test("names in what can be read only once are not shown, and that is said")
    func once() throws {
        let capture = Self.capture(4, Self.names, before: 0)
        let run = try Wstap.run(["read", "--names", "--format", "ndjson", "-"], input: Data(capture))
        #expect(run.status == 0 && run.errors.contains("standard input: names in it are not shown"))
        #expect(Self.clientNames(run, "handshake") == nil && run.records("frame").count == 8)
    }

    @Test("the process that Apple's tcpdump notes is told with the handshake")
    func process() throws {
        let process: [UInt8] = [0xF5, 1, 0, 0] + CaptureBuilder.option(2, Array("Safari\0".utf8))
        let options = CaptureBuilder.option(0x8001, [0, 0, 0, 0]) + [0, 0, 0, 0]
        let capture = Self.capture(0x8000_0001, process, before: 0, options: options)
        let handshake = try #require(
            try Self.run(["--format", "ndjson"], [capture]).records("handshake").first?["process"] as? [String: Any])
        #expect(handshake["name"] as? String == "Safari" && handshake["pid"] as? Int == 501)
        let table = try Self.run(["--color", "never"], [capture]).output
        #expect(table.contains("Safari (501)"))
    }

    /// Each packet twice under two VLANs, as a mirror port shows it; or two conversations with the same addresses and ports.
    @Test("a mirrored conversation is one exchange, and two with the same addresses are two", arguments: [true, false])
    func exchanges(isMirrored: Bool) throws {
        let other = Dialogue.whole(connection: 2, clientISN: isMirrored ? 1_000 : 77_000).segments.packets()
        let copies = isMirrored ? Self.packets : other
        let both = zip(Self.packets, copies).flatMap { [$0.tagged(10), $1.tagged(20).with(delay: 20_000)] }
        let run = try Self.run(["--format", "ndjson"], [CaptureBuilder.pcapng(both).bytes])
        let summary = try #require(run.records("summary").first)
        #expect(summary["connections"] as? Int == 2 && summary["exchanges"] as? Int == (isMirrored ? 1 : 2))
        let findings = run.records("finding").compactMap { $0["id"] as? String }
        #expect(findings == (isMirrored ? ["capture-duplicated"] : []))
        let table = try Self.run(["--color", "never"], [CaptureBuilder.pcapng(both).bytes]).output
        #expect(table.contains("1 of them a copy") == isMirrored)
    }
}
