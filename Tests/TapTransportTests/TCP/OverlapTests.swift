import TapCore
import TapTestSupport
import TapTransport
import TapWebSocket
import Testing

@Suite("Bytes that come again as others")
struct OverlapTests {
    private func conversation(_ pieces: [(text: String, offset: Int)]) -> Conversation {
        var conversation = Conversation.opened
        for piece in pieces { conversation.clientBytes(piece.text, at: piece.offset) }
        return conversation
    }

    private func conflicts(_ stream: RecordingSink.Stream) -> [ConflictingOverlap] {
        stream.anomalies.compactMap { anomaly in
            guard case .conflictingOverlap(let conflict) = anomaly else { return nil }
            return conflict
        }
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let pieces: [(text: String, offset: Int)]
        let text: String
        /// The first difference: its offset in the later copy, and both versions from there on.
        var difference: (offset: Int, first: String, second: String)?

        init(
            _ name: String, _ pieces: [(String, Int)], _ text: String, _ difference: (Int, String, String)? = nil
        ) {
            testDescription = name
            self.pieces = pieces
            self.text = text
            self.difference = difference
        }
    }

    static let rows = [
        Row("the same again", [("abcdef", 0), ("abcdef", 0)], "abcdef"),
        Row("other bytes", [("abcdef", 0), ("abXdeY", 0)], "abcdef", (2, "cdef", "XdeY")),
        Row("a superset that begins with other bytes", [("abc", 0), ("Xbcdef", 0)], "abcdef", (0, "abc", "Xbc")),
        Row("a superset that begins before", [("ab", 0), ("cd", 2), ("aXcdef", 0)], "abcdef", (1, "b", "X")),
        Row("a part", [("abcdef", 0), ("cX", 2)], "abcdef", (1, "d", "X")),
        Row(
            "the end of one and the beginning of the next", [("abc", 0), ("def", 3), ("cD", 2)], "abcdef", (1, "d", "D")
        ),
        Row("several segments ago", [("ab", 0), ("cd", 2), ("ef", 4), ("Ab", 0)], "abcdef", (0, "ab", "Ab")),
        Row("behind a hole", [("ef", 4), ("eF", 4), ("abcd", 0)], "abcdef", (1, "f", "F")),
        Row("behind a hole, around what is held", [("cd", 2), ("bCde", 1), ("a", 0)], "abcde", (1, "cd", "Cd")),
        Row("a superset that fills the hole", [("ab", 0), ("ef", 4), ("abcdEfgh", 0)], "abcdefgh", (4, "ef", "Ef")),
        Row("garbage that asks whether the peer is there", [("abcdef", 0), ("X", 5)], "abcdef"),
        Row("a byte that tries the window, and then all", [("abc", 0), ("d", 3), ("def", 3)], "abcdef"),
    ]

    @Test("the first copy wins, and the other is told", arguments: rows)
    func overlap(row: Row) throws {
        let flow = try #require(follow(conversation(row.pieces).segments).flows.first)
        #expect(flow.client.text == row.text && flow.client.gaps == [])
        let found = conflicts(flow.client)
        #expect(found.count == (row.difference == nil ? 0 : 1))
        if let difference = row.difference, let conflict = found.first {
            #expect(conflict.offset == difference.offset)
            #expect(String(decoding: conflict.first, as: UTF8.self) == difference.first)
            #expect(String(decoding: conflict.second, as: UTF8.self) == difference.second)
        }
    }

    @Test("the evidence names the packet and the place, and is bounded")
    func evidence() throws {
        let conversation = conversation([
            (String(repeating: "a", count: 10), 0), (String(repeating: "b", count: 90), 10),
            ("a" + String(repeating: "X", count: 80), 9),
        ])
        let flow = try #require(follow(conversation.segments).flows.first)
        let conflict = try #require(conflicts(flow.client).first)
        #expect(conflict.firstPacket == PacketNumber(5) && conflict.offset == 1)
        #expect(conflict.sequenceNumber == SequenceNumber(1_011))
        #expect(conflict.first.count == ConflictingOverlap.excerpt && conflict.second.count == conflict.first.count)
    }

    @Test("only the latest bytes are compared: as many as the limit allows", arguments: [0, 128, 1_024, 1 << 20])
    func limit(bytes: Int) throws {
        var limits = StreamLimits()
        limits.recentBytes = bytes
        var conversation = Conversation.opened
        for index in 0..<20 { conversation.clientBytes("ab", at: 2 * index) }
        // The last of them, the eighth from behind, and the first.
        for index in [19, 12, 0] { conversation.clientBytes("aX", at: 2 * index) }
        let flow = try #require(follow(conversation.segments, limits: limits).flows.first)
        #expect(conflicts(flow.client).count == [0: 0, 128: 1, 1_024: 2, 1 << 20: 3][bytes])
        #expect(flow.client.text == String(repeating: "ab", count: 20))
    }

    @Test("flows and directions are not compared with each other")
    func others() {
        var segments: [ScriptedSegment] = []
        for (port, text): (UInt16, String) in [(1, "abc"), (2, "xyz"), (1, "abc"), (2, "xyz")] {
            var conversation = Conversation(client: Endpoint("192.0.2.1", port), serverISN: 1_000)
            conversation.handshake()
            conversation.send(text, from: .client)
            conversation.send(String(text.reversed()), from: .server)
            segments += conversation.segments
        }
        let sink = follow(segments)
        #expect(sink.flows.count == 2)
        #expect(sink.flows.allSatisfy { $0.fromFirst.anomalies == [] && $0.fromSecond.anomalies == [] })
    }

    @Test("of random repetitions with random damage, each is told, and none changes a byte", arguments: 0..<200)
    func random(seed: Int) throws {
        var generator = SeededGenerator(seed: 70_000 + seed)
        let sent = generator.bytes(600)
        var conversation = Conversation.opened
        conversation.send(sent, from: .client, segmentSize: Int.random(in: 1...96, using: &generator))
        var expected = 0
        var segments: [ScriptedSegment] = []
        for segment in conversation.segments {
            segments.append(segment)
            guard segment.payload.count > 1, generator.oneIn(3) else { continue }
            var copy = segment
            if generator.oneIn(2) {
                copy.payload[Int.random(in: 0..<copy.payload.count, using: &generator)] ^= 0x40
                expected += 1
            }
            segments.append(copy)
        }
        let flow = try #require(follow(segments).flows.first)
        #expect(flow.client.bytes == sent && flow.client.gaps == [])
        #expect(conflicts(flow.client).count == expected)
    }
}
