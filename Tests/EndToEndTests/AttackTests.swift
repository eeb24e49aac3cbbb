import Foundation
import TapCore
import TapTestSupport
import TapWebSocket
import Testing

/// Captures that are made to make a reader of them run out of memory.
@Suite(
    "Attacks on memory", .serialized,
    .disabled(if: Instrumentation.isPresent, "a sanitizer needs memory of its own"))
struct AttackTests {
    struct Attack: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let packets: @Sendable () -> [CapturedPacket]
        /// What the summary must say.
        let said: String

        init(_ name: String, said: String, _ packets: @escaping @Sendable () -> [CapturedPacket]) {
            testDescription = name
            self.said = said
            self.packets = packets
        }

        /// What one side sends, after a handshake or in its place.
        init(
            _ name: String, said: String, from sender: Sender, extensions: String? = nil, isUpgraded: Bool = true,
            size: Int = 60_000, _ bytes: @escaping @Sendable () -> [UInt8]
        ) {
            self.init(name, said: said) {
                let handshake = HandshakeBytes(extensions: extensions, chosenExtensions: extensions)
                var conversation = isUpgraded ? Conversation.upgraded(handshake) : Conversation.opened
                conversation.send(bytes(), from: sender, segmentSize: size)
                return conversation.segments.packets()
            }
        }
    }

    private static func repeated(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
        var all: [UInt8] = []
        all.reserveCapacity(bytes.count * count)
        for _ in 0..<count { all += bytes }
        return all
    }

    /// One SYN with a payload for each of many connections.
    private static func connections(_ count: Int, _ payload: [UInt8]) -> [CapturedPacket] {
        (0..<count).map { index in
            var tcp = TCPBytes(payload)
            tcp.flags = .syn
            tcp.sourcePort = UInt16(1_024 + index % 60_000)
            return CapturedPacket(IPv4Bytes(tcp.bytes))
        }
    }

    static let attacks = [
        Attack("a frame that claims 2⁶³ − 1 bytes", said: #""frames":1,"#, from: .server) {
            FrameBytes(.binary, [UInt8](repeating: 7, count: 8 << 20)).with { $0.statedLength = 1 << 63 - 1 }.bytes
        },
        Attack("100,000 requests at once", said: #""flows_given_up":1"#, from: .client, isUpgraded: false) {
            repeated(Array("GET / HTTP/1.1\r\n\r\n".utf8), 100_000)
        },
        Attack("a head of half a million short fields", said: #""flows_given_up":1"#, from: .client, isUpgraded: false)
        {
            Array("GET / HTTP/1.1\r\n".utf8) + repeated(Array("a:\r\n".utf8), 500_000)
        },
        Attack("a head of 8 MB in one field", said: #""flows_given_up":1"#, from: .client, isUpgraded: false) {
            Array("GET / HTTP/1.1\r\na:".utf8) + repeated([0x61], 8 << 20)
        },
        Attack("50,000 frames that each break two rules", said: #""frame-reserved-opcode":50000"#, from: .server) {
            // Each is another one, and segments end where frames do: a pattern would be no frames.
            (0..<50_000).flatMap { number in
                FrameBytes(.binary, bigEndian(UInt16(number))).with { ($0.opcode, $0.reservedBits) = (0xB, 7) }.bytes
            }
        },
        Attack(
            "the same two bytes 50,000 times, which are no frames", said: #""stream-out-of-step":1"#, from: .server
        ) {
            repeated([0xFB, 0x00], 50_000)
        },
        Attack("200,000 fragments of a message", said: #""frames":200001,"#, from: .server) {
            FrameBytes(.binary).unfinished.bytes + repeated(FrameBytes(.continuation).unfinished.bytes, 200_000)
        },
        Attack(
            "messages that inflate 900 times, 60 KB of them in a packet", said: #""messages":300,"#, from: .server,
            extensions: "permessage-deflate; server_no_context_takeover"
        ) {
            let zeros = Deflater().message([UInt8](repeating: 0, count: 900_000))
            return repeated(FrameBytes(.binary, zeros).compressed.bytes, 300)
        },
        Attack("300,000 frames behind a hole", said: #""capture-limit-reached":"#) {
            var conversation = Conversation.upgraded()
            conversation.send(FrameBytes(text: "lost").bytes, from: .server, isAcknowledged: false)
            let lost = conversation.segments.count - 1
            conversation.send(
                repeated(FrameBytes(.binary).bytes, 300_000), from: .server, segmentSize: 60_000,
                isAcknowledged: false)
            // It comes late.
            conversation.segments.append(conversation.segments.remove(at: lost))
            return conversation.segments.packets()
        },
        Attack("upgrade requests that nobody answers, with many fields", said: #""flows_given_up":"#) {
            var handshake = HandshakeBytes()
            for _ in 0..<2_000 { handshake.request.add("a", "") }
            return connections(2_000, handshake.request.bytes)
        },
        Attack("heads that nobody finishes", said: #""flows_given_up":"#) {
            connections(2_000, Array("GET / HTTP/1.1\r\nA: ".utf8) + [UInt8](repeating: 0x61, count: 20_000))
        },
    ]

    @Test("each costs less than 44 MiB, and what was given up is said", arguments: attacks)
    func memory(_ attack: Attack) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("attack.pcapng", Data(CaptureBuilder.pcapng(attack.packets()).bytes))
        let measured = try Measured(["read", "--format", "ndjson", path])
        #expect(measured.result.status == 0)
        // Of what reading any capture takes, an attack has no say.
        let idle = try Measured(["read", "--format", "ndjson", Wstap.sample("chat.pcap")]).peak
        #expect(measured.peak - idle < 44 << 20, "\(measured.peak >> 20) MiB, of which \(idle >> 20) were there before")
        #expect(measured.result.output.split(separator: "\n").last?.contains(attack.said) == true)
    }
}
