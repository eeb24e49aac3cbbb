import TapAnalysis
import TapCore
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Equal and periodic bytes are no frames")
struct RepeatedBytesTests {
    /// What messages are filled with; most of it reads as frames, again and again.
    static let fills = [
        "00", "80", "8100", "8200", "8a00", "810141", "820568656c6c6f", "00000001", "8102686982026869", "ff",
    ]

    private static func message(_ fill: String, _ count: Int) -> [UInt8] {
        let pattern = bytes(fill)
        return (0..<count).map { pattern[$0 % pattern.count] }
    }

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex)
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    }

    @Test("after a hole none of them is decoded, and all are counted", arguments: fills, [1_000, 1_447])
    func hole(fill: String, segmentSize: Int) throws {
        let payload = RepeatedBytesTests.message(fill, 20_000)
        var conversation = Conversation.upgraded()
        for _ in 0..<2 {
            conversation.send(FrameBytes(.binary, payload), from: .server, segmentSize: segmentSize)
            for _ in 0..<20 { conversation.acknowledge(from: .client) }
        }
        let header = conversation.segments.firstIndex { $0.sender == .server && $0.payload.starts(with: [0x82, 0x7E]) }
        let lost = try #require(header)
        conversation.close(by: .client)
        conversation.segments.remove(at: lost)
        let observed = Observed(conversation)
        for (frame, bytes) in zip(observed.frames, observed.payloads) where frame.header.opcode != .close {
            #expect(frame.header.payloadLength == 20_000 && bytes == payload && frame.sender == .server)
        }
        #expect(observed.findings.allSatisfy { $0.violation.id.severity < .error })
        let server = try #require(observed.connections.first).fromServer
        let decoded = server.payloadBytes + 4 * server.binary + 2 * server.close
        #expect(server.missingBytes == UInt64(segmentSize))
        #expect(server.missingBytes + server.undecodedBytes + decoded == 2 * 20_004 + 4)
        #expect(server.frames <= 2 && server.frames == server.binary + server.close)
    }

    @Test("where the capture begins within them they are no WebSocket", arguments: fills, Sender.allCases)
    func midstream(fill: String, sender: Sender) {
        var conversation = Conversation()
        conversation.send(RepeatedBytesTests.message(fill, 20_000), from: sender, segmentSize: 1_448)
        let observed = Observed(conversation)
        #expect(observed.connections.isEmpty && observed.frames.isEmpty)
    }

    @Test(
        "before certain frames they are stepped over and counted",
        arguments: ["00", "8100", "8a00", "820568656c6c6f"])
    func before(fill: String) throws {
        var conversation = Conversation()
        conversation.send(RepeatedBytesTests.message(fill, 7_000), from: .server, segmentSize: 1_000)
        for number in 0..<4 {
            conversation.send(text: "question number \(number)", from: .client)
            conversation.send(text: "answer number \(number)", from: .server)
        }
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.midstream])
        #expect(observed.texts.count { $0.hasPrefix("question") } == 4)
        #expect(observed.texts.allSatisfy { $0.hasPrefix("question") || $0.hasPrefix("answer") })
        let server = try #require(observed.connections.first).fromServer
        #expect(server.undecodedBytes >= 7_000 && server.frames >= 3)
    }
}
