import TapAnalysis
import TapCore
import TapTestSupport
import TapWebSocket
import Testing

/// Connections that a capture holds twice.
@Suite("Copies of connections")
struct CopyTests {
    private static func talk(
        _ client: Endpoint = Endpoint("192.0.2.1", 49_152), _ server: Endpoint = Endpoint("198.51.100.2", 80),
        isn: UInt32 = 1_000, key: String = "dGhlIHNhbXBsZSBub25jZQ==", hasHandshake: Bool = true
    ) -> [ScriptedSegment] {
        var conversation = Conversation(client: client, server: server, clientISN: isn)
        if hasHandshake {
            var handshake = HandshakeBytes()
            handshake.request.set("Sec-WebSocket-Key", to: key)
            handshake.response.set("Sec-WebSocket-Accept", to: AcceptKey.expected(for: key))
            conversation.handshake()
            conversation.send(handshake.request.bytes, from: .client)
            conversation.send(handshake.response.bytes, from: .server)
        }
        for text in ["one", "two"] {
            for sender in Sender.allCases { conversation.send(text: text, from: sender) }
        }
        return conversation.segments
    }

    private static func pairs(
        _ first: [ScriptedSegment], _ second: [ScriptedSegment], delay: Int64 = 20_000,
        _ change: (CapturedPacket) -> CapturedPacket = { $0 }
    ) -> [CapturedPacket] {
        zip(first.packets(), second.packets()).flatMap { [$0, change($1).with(delay: delay)] }
    }

    @Test("in another network, or behind an address translation, are told of the second, with handshake and without")
    func copies() {
        let (alone, later) = (Self.talk(), Self.talk(hasHandshake: false))
        let rows: [[CapturedPacket]] = [
            Self.pairs(alone, alone) { $0.tagged(10) },
            zip(alone.packets(), alone.packets()).flatMap { [$0.tagged(20), $1.tagged(10, 20).with(delay: 900_000)] },
            Self.pairs(alone, Self.talk(Endpoint("192.0.2.1", 49_152), Endpoint("172.17.0.2", 8_080))),
            Self.pairs(alone, Self.talk(Endpoint("203.0.113.9", 1_024))),
            Self.pairs(later, later) { $0.tagged(10) },
        ]
        for (row, packets) in rows.enumerated() {
            let observed = Observed(packets)
            #expect(observed.handshakes.count == 2, "\(row)")
            let copies = observed.findings.filter { $0.violation.id == .captureDuplicated }
            #expect(copies.map(\.connection) == [2], "\(row)")
            #expect(copies.first?.violation.evidence.first?.value == .number(1))
            #expect(observed.ids.filter { $0 != .captureMidstream && $0 != .captureDuplicated } == [], "\(row)")
            #expect(observed.summary.findings[.captureDuplicated] == 1)
            #expect(observed.summary.connections == 2 && observed.summary.exchanges == 1)
        }
    }

    @Test("are counted as one exchange however often the capture holds it, beside others of the same addresses")
    func exchanges() {
        let (alone, other) = (Self.talk(), Self.talk(isn: 77_000, key: "AAAAAAAAAAAAAAAAAAAAAA=="))
        let packets = zip(alone.packets(), other.packets()).flatMap { packet, stranger in
            [
                packet, packet.tagged(10).with(delay: 20_000), packet.tagged(20).with(delay: 40_000),
                stranger.tagged(30).with(delay: 50_000),
            ]
        }
        let observed = Observed(packets)
        #expect(observed.summary.connections == 4 && observed.summary.exchanges == 2)
        #expect(observed.ids == [.captureDuplicated, .captureDuplicated])
    }

    @Test("are not connections that only have something in common")
    func others() {
        let alone = Self.talk()
        let other = "AAAAAAAAAAAAAAAAAAAAAA=="
        let rows: [[CapturedPacket]] = [
            // The same endpoints in another network, with numbers or a key of their own.
            Self.pairs(alone, Self.talk(isn: 77_000, key: other)) { $0.tagged(10) },
            Self.pairs(alone, Self.talk(key: other)) { $0.tagged(10) },
            // A proxy passes the key on over a connection of its own.
            Self.pairs(alone, Self.talk(Endpoint("203.0.113.9", 1_024), Endpoint("10.0.0.1", 80), isn: 5)),
            // One after the other.
            (alone + Self.talk(Endpoint("203.0.113.9", 1_024))).packets(),
            // Much later.
            Self.pairs(alone, alone, delay: 5_000_000_000) { $0.tagged(10) },
        ]
        for (row, packets) in rows.enumerated() {
            let observed = Observed(packets.sorted { $0.header.timestamp < $1.header.timestamp })
            #expect(observed.handshakes.count == 2, "\(row)")
            #expect(observed.ids == [], "\(row)")
            #expect(observed.summary.exchanges == 2, "\(row)")
        }
    }
}
