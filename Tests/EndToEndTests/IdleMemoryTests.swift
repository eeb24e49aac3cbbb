import Foundation
import TapCore
import TapTestSupport
import TapWebSocket
import Testing

/// Very many connections that are open and silent, and what the binary needs to follow them.
@Suite(
    "Idle connections", .serialized,
    .disabled(if: Instrumentation.isPresent, "a sanitizer needs memory of its own"))
struct IdleMemoryTests {
    /// What was said over a connection before it fell silent.
    enum Past: CaseIterable, Sendable {
        case nothing
        /// Three messages each way, and a ping with its pong.
        case fewFrames
    }

    /// Three messages and a control frame.
    private static func frames(_ control: Opcode, from sender: Sender) -> [UInt8] {
        let texts = (1...3).map { FrameBytes(text: "message \($0)") }
        return (texts + [FrameBytes(control, [1, 2, 3, 4])]).enumerated().flatMap { place, frame in
            frame.with { if sender == .client { $0.maskingKey = 0x5A5A_0000 + UInt32(place) } }.bytes
        }
    }

    private static let request = HandshakeBytes().request.bytes
    private static let response = HandshakeBytes().response.bytes

    /// The packets of a connection: a handshake, request and response with the first segments, and what was said.
    private static func packets(_ index: Int, _ past: Past) -> [CapturedPacket] {
        // Where the next byte of each peer lies: a SYN takes a number of its own. RFC 9293 §3.4.
        var next: [Sender: UInt32] = [.client: 1_000, .server: 1_000]
        func packet(_ payload: [UInt8], from sender: Sender, _ flags: TCPFlags) -> CapturedPacket {
            var tcp = TCPBytes(payload)
            let isClient = sender == .client
            tcp.flags = flags
            tcp.sequenceNumber = next[sender, default: 0]
            tcp.acknowledgmentNumber = next[sender.peer, default: 0]
            next[sender, default: 0] += UInt32(payload.count + (flags.contains(.syn) ? 1 : 0))
            if !isClient { swap(&tcp.sourcePort, &tcp.destinationPort) }
            // Each client has an address of its own: then they may all have the same key.
            let client = IPAddress(ipv4: 0x0A00_0000 + UInt32(index))
            var ip = IPv4Bytes(tcp.bytes)
            (ip.source, ip.destination) = isClient ? (client, ip.destination) : (ip.destination, client)
            return CapturedPacket(ip)
        }
        let opening = [
            packet(request, from: .client, .syn), packet(response, from: .server, [.syn, .ack]),
        ]
        guard past == .fewFrames else { return opening }
        return opening + [
            packet(frames(.ping, from: .server), from: .server, .ack),
            packet(frames(.pong, from: .client), from: .client, .ack),
        ]
    }

    /// The most memory that reading so many connections takes, in bytes.
    private static func peak(of count: Int, _ past: Past) throws -> Int {
        let folder = try TemporaryFolder()
        let packets = (0..<count).flatMap { IdleMemoryTests.packets($0, past) }
        let path = try folder.file("idle.pcap", Data(CaptureBuilder.pcap(packets).bytes))
        let measured = try Measured(["read", "--events", "summary", "--format", "ndjson", path])
        #expect(measured.result.output.contains(#""handshakes":{"valid":\#(count),"#))
        #expect(measured.result.output.contains(#""frames":\#(past == .nothing ? 0 : 8 * count),"#))
        #expect(measured.result.output.contains(#""finding_counts":{}"#))
        return measured.peak
    }

    @Test("cost no more than 520 bytes each", arguments: Past.allCases)
    func silence(after past: Past) throws {
        // What reading itself takes is no more for many connections than for some.
        let (some, many) = (5_000, 100_000)
        let cost = try (IdleMemoryTests.peak(of: many, past) - IdleMemoryTests.peak(of: some, past)) / (many - some)
        #expect(cost <= 520, "\(cost) bytes")
    }
}
