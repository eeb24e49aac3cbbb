import TapCore
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Checksums")
struct ChecksumTests {
    /// A conversation of texts of the client, whose checksums are right.
    private func conversation(_ texts: [String] = ["one ", "two ", "three ", "four"]) -> [ScriptedSegment] {
        var conversation = Conversation.opened
        for text in texts { conversation.send(text, from: .client) }
        conversation.finish()
        return conversation.segments.map { $0.with(.right) }
    }

    private func client(_ segments: [ScriptedSegment]) throws -> RecordingSink.Stream {
        let sink = RecordingSink(packetsOf: segments)
        #expect(sink.breaches == [])
        return try #require(sink.flows.first).client
    }

    /// The place of the first text.
    private let text = 3

    @Test("a corrupt segment is not taken, and its good copy is", arguments: [3, 5, 7, 9], [1, 2, 3])
    func corrupt(place: Int, distance: Int) throws {
        var segments = conversation()
        let good = segments[place]
        segments[place] = good.with(.wrong)
        segments[place].payload[1] ^= 0xFF
        segments.insert(good, at: place + distance)
        let stream = try client(segments)
        #expect(stream.text == "one two three four" && stream.gaps == [] && stream.end == .finished)
        #expect(stream.anomalies.count == 1)
        guard case .corrupt(let segment)? = stream.anomalies.first else { return #expect(Bool(false)) }
        #expect(segment.length == good.payload.count && segment.sequenceNumber == good.sequenceNumber)
        #expect(segment.found != segment.computed)
    }

    @Test("a corrupt copy of what is there already changes nothing")
    func corruptCopy() throws {
        var segments = conversation()
        segments.insert(segments[text].with(.wrong), at: text + 3)
        segments[text + 3].payload[0] ^= 1
        let stream = try client(segments)
        #expect(stream.text == "one two three four" && stream.anomalies.count == 1)
    }

    @Test("a segment with a wrong checksum that its receiver acknowledged is taken where no other copy comes")
    func acknowledged() throws {
        var conversation = Conversation.opened
        for index in 0..<30 { conversation.send("text \(index) ", from: .client) }
        var segments = conversation.segments.map { $0.with(.right) }
        segments[7] = segments[7].with(.wrong)
        let stream = try client(segments)
        #expect(stream.text == (0..<30).map { "text \($0) " }.joined() && stream.gaps == [])
        #expect(stream.anomalies == [])
    }

    @Test("a corrupt segment that nobody acknowledged is missing, and told")
    func lost() throws {
        var conversation = Conversation.opened
        conversation.send("one ", from: .client)
        conversation.send(Array("two ".utf8), from: .client, isAcknowledged: false)
        conversation.send(Array("three".utf8), from: .client, isAcknowledged: false)
        var segments = conversation.segments.map { $0.with(.right) }
        segments[5] = segments[5].with(.wrong)
        let stream = try client(segments)
        #expect(stream.text == "one three" && stream.gaps == [.init(4, .end, at: 4)])
        #expect(stream.anomalies.count == 1)
    }

    @Test(
        "what a network card leaves open is no sign of damage",
        arguments: [
            ChecksumBytes.zero, .pseudoHeader(hasLength: true), .pseudoHeader(hasLength: false),
        ])
    func leftOpen(checksum: ChecksumBytes) throws {
        for places in [[text], [text, text + 2, text + 4]] {
            var segments = conversation()
            for place in places { segments[place] = segments[place].with(checksum) }
            let stream = try client(segments)
            #expect(stream.text == "one two three four" && stream.anomalies == [] && stream.gaps == [])
        }
    }

    @Test("where all are wrong, none is looked at")
    func allWrong() throws {
        let stream = try client(conversation().map { $0.with(.wrong) })
        #expect(stream.text == "one two three four" && stream.anomalies == [] && stream.end == .finished)
    }

    @Test("where more and more are wrong, they are given up, and nothing is lost")
    func givenUp() throws {
        var conversation = Conversation.opened
        for index in 0..<60 { conversation.send("text \(index) ", from: .client) }
        let segments = conversation.segments.enumerated().map { index, segment in
            segment.with(segment.sender == .client && !segment.payload.isEmpty && index > 8 ? .wrong : .right)
        }
        let stream = try client(segments)
        #expect(stream.text == (0..<60).map { "text \($0) " }.joined() && stream.gaps == [])
        #expect(stream.anomalies == [])
    }

    @Test("a direction is judged by itself")
    func directions() throws {
        var segments = conversation().map { $0.sender == .server ? $0.with(.wrong) : $0 }
        let good = segments[text]
        segments[text] = good.with(.wrong)
        segments.insert(good, at: text + 1)
        #expect(try client(segments).anomalies.count == 1)
    }

    @Test("a segment that the capture cut is not judged")
    func cut() throws {
        var segments = conversation()
        segments[text] = segments[text].with(.wrong)
        segments[text].capturedLength = 2
        let stream = try client(segments)
        #expect(stream.gaps == [.init(2, .cutShort, at: 2)] && stream.anomalies == [])
    }

    @Test("several segments put together keep the checksum of one: longer than any is not judged")
    func merged() throws {
        var segments = conversation(["one ", String(repeating: "x", count: 4_000), " four"])
        segments[text + 2] = segments[text + 2].with(.wrong)
        let stream = try client(segments)
        #expect(stream.bytes.count == 4_009 && stream.anomalies == [] && stream.gaps == [])
    }

    @Test("a corrupt SYN, FIN or RST has no effect", arguments: [TCPFlags.syn, [.fin, .ack], .rst])
    func flags(flags: TCPFlags) throws {
        var segments = conversation()
        var corrupt = segments[text + 2]
        corrupt.flags = flags
        corrupt.payload = []
        corrupt.capturedLength = 0
        corrupt.checksum = .wrong
        segments.insert(corrupt, at: text + 2)
        let sink = RecordingSink(packetsOf: segments)
        #expect(sink.flows.count == 1 && sink.flows.first?.end == .finished)
        #expect(sink.flows.first?.client.text == "one two three four")
    }

    @Test("random damage, repaired by a copy, changes no byte", arguments: 0..<200)
    func random(seed: Int) throws {
        var generator = SeededGenerator(seed: 80_000 + seed)
        var conversation = Conversation.opened
        var sent: [UInt8] = []
        for _ in 0..<40 {
            let bytes = generator.bytes(Int.random(in: 1...200, using: &generator))
            conversation.send(bytes, from: .client, isAcknowledged: generator.oneIn(2))
            sent += bytes
        }
        var damaged = 0
        var segments: [ScriptedSegment] = []
        for segment in conversation.segments.map({ $0.with(.right) }) {
            if segments.count > 20, !segment.payload.isEmpty, generator.oneIn(12) {
                var copy = segment.with(.wrong)
                copy.payload[Int.random(in: 0..<copy.payload.count, using: &generator)] ^= 0x10
                segments.append(copy)
                damaged += 1
            }
            segments.append(segment)
        }
        let stream = try client(segments)
        #expect(stream.bytes == sent && stream.gaps == [] && stream.anomalies.count == damaged)
    }
}

extension ScriptedSegment {
    fileprivate func with(_ checksum: ChecksumBytes) -> ScriptedSegment {
        var segment = self
        segment.checksum = checksum
        return segment
    }
}
