import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Streams that are out of step")
struct OutOfStepTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let sender: Sender
        let sent: [[UInt8]]
    }

    private static func payload(_ letter: Character, _ count: Int) -> [UInt8] {
        [UInt8](repeating: letter.asciiValue ?? 0, count: count)
    }

    /// Two frames whose writers did not wait for each other.
    private static func interleaved(_ first: FrameBytes, _ second: FrameBytes, at cut: Int) -> [UInt8] {
        let (first, second) = (first.bytes, second.bytes)
        return Array(first[..<cut]) + second[..<cut] + first[cut...] + second[cut...]
    }

    static let rows = [
        Row(
            testDescription: "two writers of a server", sender: .server,
            sent: [
                interleaved(
                    FrameBytes(.binary, payload("A", 308)), FrameBytes(.binary, payload("B", 308)), at: 100)
            ]),
        Row(
            testDescription: "two writers of a client", sender: .client,
            sent: [
                interleaved(
                    FrameBytes(.binary, SeededGenerator.bytes(400, seed: 1), maskingKey: 0x1234_5678),
                    FrameBytes(.binary, SeededGenerator.bytes(500, seed: 2), maskingKey: 0x9ABC_DEF0), at: 150)
            ]),
        Row(
            testDescription: "a header whose payload never came", sender: .server,
            sent: [FrameBytes(.binary).with { $0.statedLength = 415 }.header]),
        Row(
            testDescription: "a length that is too small", sender: .server,
            sent: [FrameBytes(.binary, SeededGenerator.bytes(900, seed: 3)).with { $0.statedLength = 700 }.bytes]),
    ]

    private func conversation(_ row: Row) -> Conversation {
        var conversation = Conversation.upgraded()
        conversation.send(text: "before", from: row.sender)
        for bytes in row.sent { conversation.send(bytes, from: row.sender) }
        for number in 0..<40 {
            conversation.send(text: "{\"tick\":\(number),\"of\":\"a clock\"}", from: row.sender)
        }
        conversation.close(by: row.sender)
        return conversation
    }

    @Test("one sentence tells where, and decoding goes on", arguments: rows)
    func torn(row: Row) throws {
        let observed = Observed(conversation(row))
        #expect(Set(observed.ids) == [.streamOutOfStep, .captureResynchronised])
        let finding = try #require(observed.findings.first { $0.violation.id == .streamOutOfStep })
        #expect(finding.sender == row.sender && finding.violation.detail.contains("out of step"))
        #expect(observed.ids.count { $0 == .streamOutOfStep } == 1)
        #expect(observed.texts.contains("{\"tick\":39,\"of\":\"a clock\"}"))
        let connection = try #require(observed.connections.first)
        #expect((row.sender == .client ? connection.fromClient : connection.fromServer).undecodedBytes > 0)
        #expect(connection.close.isClean)
    }

    @Test("what follows is searched to the end of the stream, and nothing else is found")
    func never() {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(.binary).with { $0.statedLength = 30 }.header, from: .server)
        conversation.send(SeededGenerator.bytes(900, seed: 4), from: .server)
        conversation.finish()
        #expect(Observed(conversation).ids == [.streamOutOfStep, .captureSyncLost])
    }

    @Test("what breaks many rules may end by chance where a segment ends", arguments: [36, 1_460])
    func endByChance(segmentSize: Int) {
        var conversation = Conversation.upgraded()
        // A brace and a quote are a header of 34 bytes, for a peer who lost the step.
        let torn = "{\"type\":\"price\",\"symbol\":\"ACME\",\"number\":1,\"price\":100.25,\"of\":\"a clock\"}"
        conversation.send(Array(torn.utf8), from: .server, segmentSize: segmentSize)
        for number in 0..<40 { conversation.send(text: "{\"tick\":\(number),\"of\":\"a clock\"}", from: .server) }
        conversation.close(by: .server)
        let observed = Observed(conversation)
        #expect(Set(observed.ids) == [.streamOutOfStep, .captureResynchronised])
        #expect(observed.texts.contains("{\"tick\":39,\"of\":\"a clock\"}"))
    }

    @Test("who breaks a rule in every frame is in step", arguments: [1, 7, 30])
    func inStep(count: Int) {
        var conversation = Conversation.upgraded()
        let frames = (0..<count).flatMap { number in
            FrameBytes(text: "text number \(number)").with { $0.reservedBits = 2 }.bytes
        }
        conversation.send(frames, from: .server, segmentSize: frames.count)
        conversation.close(by: .client)
        let observed = Observed(conversation)
        #expect(observed.ids == [FindingID](repeating: .frameReservedBits, count: count))
        #expect(observed.frames.count == count + 2)
    }

    @Test("a single frame that breaks several rules is one, wherever its segments end", arguments: [3, 20, 1_460])
    func single(segmentSize: Int) {
        var conversation = Conversation.upgraded()
        conversation.send(
            FrameBytes(.ping, [1, 2, 3, 4]).unfinished.with { $0.reservedBits = 7 }, from: .server,
            segmentSize: segmentSize)
        conversation.close(by: .client)
        #expect(Observed(conversation).ids == [.frameReservedBits, .frameControlFragmented])
    }

    @Test("frames of a draft before RFC 6455 are not decoded, and only the draft is told")
    func draft() {
        var conversation = Conversation.opened
        conversation.send(
            "GET /demo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n"
                + "Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\nSec-WebSocket-Key2: 12998 5 Y3 1  .P00\r\n\r\n^n:ds[4U",
            from: .client)
        conversation.send(
            "HTTP/1.1 101 WebSocket Protocol Handshake\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n\r\n"
                + "8jKS'y:G*Co,Wxa-", from: .server)
        conversation.send([0] + Array("hello".utf8) + [0xFF], from: .client)
        conversation.send([0] + Array("welcome".utf8) + [0xFF], from: .server)
        conversation.finish()
        let observed = Observed(conversation)
        #expect(observed.ids == [.requestVersionDraft] && observed.frames.isEmpty)
    }
}
