import TapAnalysis
import TapCore
import TapTestSupport
import TapWebSocket
import Testing

@Suite("What TLS carries, as packets without TLS")
struct PlainPacketsTests {
    /// What is read of the packets that are written in place of others.
    static func written(_ packets: [CapturedPacket], _ options: AnalysisOptions) -> Observed {
        Observed(rewritten(packets, options), options)
    }

    private static func rewritten(_ packets: [CapturedPacket], _ options: AnalysisOptions) -> [CapturedPacket] {
        let carriers = Set(Observed(packets, options).handshakes.compactMap(\.carrier))
        var plain = PlainPackets(of: carriers, options)
        var written: [CapturedPacket] = []
        for packet in packets {
            plain.receive(packet.header, packet.bytes.span.bytes)
            written += plain.packets.map { CapturedPacket($0.bytes, $0.header) }
            plain.removePackets()
        }
        while plain.finishPart() {}
        written += plain.packets.map { CapturedPacket($0.bytes, $0.header) }
        for index in written.indices { written[index].header.number = PacketNumber(UInt64(index + 1)) }
        return written
    }

    @Test("all that is found, wherever records end", arguments: TLSReadingTests.samples, [1, 7, 16_384])
    func findings(sample: FindingSample, recordSize: Int) throws {
        let session = TLSReadingTests.session
        let packets = try #require(sample.conversation.segments.secured(by: session, recordSize: recordSize)).packets()
        let options = TLSReadingTests.options(sample.options)
        let secured = Observed(packets, options)
        let plain = Self.written(packets, options)
        #expect(plain.seen == secured.seen && plain.lines == secured.lines)
        #expect(plain.ids == secured.ids)
        #expect(plain.verdicts == secured.verdicts)
        #expect(plain.messagePayloads == secured.messagePayloads)
        #expect(plain.frames.map(\.time) == secured.frames.map(\.time))
        #expect(plain.handshakes.map(\.time) == secured.handshakes.map(\.time))
        #expect(plain.handshakes.map(\.connectionID) == secured.handshakes.map(\.connectionID))
        #expect(plain.connections.map(\.close) == secured.connections.map(\.close))
        #expect(plain.handshakes.allSatisfy { $0.tls == nil } && plain.summary.tls.connections == 0)
    }

    @Test("where segments are missing no frame is invented, and nobody is accused", arguments: 0..<300)
    func loss(seed: Int) throws {
        let talk = TLSReadingTests.talk(seed)
        let whole = Observed(talk)
        var generator = SeededGenerator(seed: UInt64(seed) &+ 104_729)
        let size = [40, 400, 16_384].randomElement(using: &generator) ?? 400
        var segments = try #require(talk.segments.secured(by: TLSReadingTests.session, recordSize: size))
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let candidates = segments.indices.filter { !segments[$0].payload.isEmpty }
            guard let place = candidates.randomElement(using: &generator) else { continue }
            segments.remove(at: place)
        }
        let options = TLSReadingTests.options(AnalysisOptions())
        let plain = Self.written(segments.packets(), options)
        // Where a hole, whose length nobody knows, begins in a frame's header, a reader may lose its step behind it.
        let accusations = plain.ids.filter { !$0.rawValue.hasPrefix("capture-") && $0 != .streamOutOfStep }
        #expect(accusations.isEmpty)
        for sender in Sender.allCases {
            let lines = TLSReadingTests.lines(plain, from: sender)
            var rest = TLSReadingTests.lines(whole, from: sender)[...]
            for frame in lines {
                let place = try #require(rest.firstIndex(of: frame), "a frame that nobody sent, or twice")
                rest = rest[(place + 1)...]
            }
        }
    }

    @Test("what a proxy was told before TLS stays before it", arguments: ["PROXY", "CONNECT"])
    func before(kind: String) throws {
        var inner = Conversation.opened
        inner.upgrade(HandshakeBytes())
        inner.send(text: "hello", from: .client)
        inner.close(by: .client)
        let preamble: [(Sender, String)] =
            kind == "PROXY"
            ? [(.client, "PROXY TCP4 192.0.2.9 192.0.2.8 9 8\r\n")]
            : [
                (.client, "CONNECT chat.example:443 HTTP/1.1\r\nHost: chat.example:443\r\n\r\n"),
                (.server, "HTTP/1.1 200 OK\r\n\r\n"),
            ]
        let secured = try #require(inner.segments.secured(by: TLSReadingTests.session))
        var outer = Conversation.opened
        for (sender, text) in preamble { outer.send(text, from: sender) }
        for segment in secured where segment.flags.isDisjoint(with: .syn) && !segment.payload.isEmpty {
            outer.send(segment.payload, from: segment.sender)
        }
        outer.finish()
        let options = TLSReadingTests.options(AnalysisOptions())
        let packets = outer.segments.packets()
        let original = Observed(packets, options)
        try #require(original.texts.contains("hello") && original.handshakes.count == 1)
        let written = Self.rewritten(packets, options)
        let plain = Observed(written, AnalysisOptions())
        #expect(plain.lines == original.lines)
        let first = written.compactMap { $0.segment?.payload }.filter { !$0.isEmpty }.prefix(preamble.count)
        #expect(first.map { String(decoding: $0, as: UTF8.self) } == preamble.map(\.1))
    }

    @Test("of connections that were not chosen nothing is written")
    func others() throws {
        let packets = try #require(
            TLSReadingTests.talk(1).segments.secured(by: TLSReadingTests.session)
        ).packets()
        var plain = PlainPackets(of: [], TLSReadingTests.options(AnalysisOptions()))
        for packet in packets { plain.receive(packet.header, packet.bytes.span.bytes) }
        while plain.finishPart() {}
        #expect(plain.packets.isEmpty)
    }
}
