import Foundation
import TapCore
import TapTestSupport
import TapWebSocket
import Testing

/// A capture of which not all can be read, by its name in the table of docs/output.md.
struct UnreadCapture: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let packets: [CapturedPacket]

    init(_ name: String, _ packets: [CapturedPacket]) {
        testDescription = name
        self.packets = packets
    }

    static let all = [
        UnreadCapture(
            "an unknown link type", whole.packets().map { CapturedPacket($0.bytes, LinkType(rawValue: 147)) }),
        UnreadCapture(
            "nothing but TLS",
            [49_152, 49_153, 49_154].flatMap { tls(from: $0).segments.packets() }),
        UnreadCapture("nothing but QUIC", quic(from: 50_000) + quic(from: 50_001)),
        UnreadCapture("cut at 54 bytes", whole.packets().map { $0.cut(to: 54) }),
        UnreadCapture("cut at 96 bytes", whole.packets().map { $0.cut(to: 96) }),
        UnreadCapture("empty", []),
        UnreadCapture("no TCP", arp + datagrams),
        UnreadCapture("HTTP without an upgrade", http.segments.packets()),
        UnreadCapture("from the middle", Array(whole.packets().dropFirst(Conversation.upgradedPackets))),
        UnreadCapture("one side of a connection", talk.segments.filter { $0.sender == .client }.packets()),
        UnreadCapture("one connection among TLS", (tls(from: 50_000).segments + whole).packets()),
    ]

    static func named(_ name: String) -> UnreadCapture? { all.first { $0.testDescription == name } }

    /// The packets with times, a millisecond apart, as a file.
    var file: Data {
        let timed = packets.enumerated().map { index, packet in
            CapturedPacket(
                packet.bytes, packet.header.linkType, nanoseconds: 1_795_168_800_000_000_000 + Int64(index) * 1_000_000,
                originalLength: packet.header.originalLength)
        }
        return Data(CaptureBuilder.pcap(timed).bytes)
    }

    /// A connection whose frames, but not its heads, fit into what a snapshot length of 96 bytes leaves of packets.
    private static var whole: [ScriptedSegment] {
        var conversation = talk
        conversation.close(by: .client)
        return conversation.segments
    }

    private static var talk: Conversation {
        var conversation = Conversation.upgraded()
        for text in ["one", "two", "three"] {
            conversation.send(text: text, from: .client)
            conversation.send(text: text, from: .server)
        }
        return conversation
    }

    /// A connection of TLS from its beginning on.
    static func tls(from port: UInt16) -> Conversation {
        var conversation = Conversation(client: Endpoint("192.0.2.1", port), server: Endpoint("198.51.100.2", 443))
        conversation.handshake()
        conversation.send(record(22, [1, 0, 0, 60] + [UInt8](repeating: 7, count: 60)), from: .client)
        conversation.send(record(22, [2, 0, 0, 40] + [UInt8](repeating: 9, count: 40)), from: .server)
        for sender in [Sender.client, .server] {
            conversation.send(record(23, SeededGenerator.bytes(200, seed: Int(port))), from: sender)
        }
        conversation.finish()
        return conversation
    }

    static func record(_ type: UInt8, _ content: [UInt8]) -> [UInt8] {
        [type, 3, 3] + bigEndian(UInt16(content.count)) + content
    }

    /// Two datagrams with long headers, one of each version, and one without.
    private static func quic(from port: UInt16) -> [CapturedPacket] {
        let versions: [[UInt8]] = [[0, 0, 0, 1], [0x6B, 0x33, 0x43, 0xCF]]
        let long = versions.map { [0xC3] + $0 + [8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0] + [UInt8](repeating: 5, count: 80) }
        return (long + [[0x43] + [UInt8](repeating: 6, count: 40)]).map { datagram($0, from: port, to: 443) }
    }

    private static let datagrams = (0..<9).map { datagram([0x12, UInt8($0), 1, 0, 0, 1], from: 40_000, to: 53) }

    private static func datagram(_ payload: [UInt8], from source: UInt16, to destination: UInt16) -> CapturedPacket {
        var udp = UDPBytes(to: destination, payload)
        udp.sourcePort = source
        var ip = IPv4Bytes(udp.bytes)
        ip.protocolNumber = 17
        return CapturedPacket(ip)
    }

    private static let arp = (0..<3).map { number in
        CapturedPacket(
            [UInt8](repeating: 0xFF, count: 12) + [0x08, 0x06] + [UInt8](repeating: UInt8(number), count: 28), .ethernet
        )
    }

    private static var http: Conversation {
        var conversation = Conversation.opened
        conversation.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n", from: .client)
        conversation.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", from: .server)
        conversation.finish()
        return conversation
    }
}
