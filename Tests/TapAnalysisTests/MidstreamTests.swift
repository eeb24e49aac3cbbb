import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Captures that begin in the middle")
struct MidstreamTests {
    @Test("frames both ways are recognised, and none of them is lost", arguments: Sender.allCases)
    func frames(first: Sender) throws {
        var conversation = Conversation()
        for text in ["one", "two", "three"] {
            for sender in [first, first.peer] { conversation.send(text: text, from: sender) }
        }
        conversation.close(by: .client)
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.midstream] && observed.ids == [.captureMidstream])
        #expect(observed.texts.prefix(6) == ["one", "one", "two", "two", "three", "three"])
        #expect(observed.frames.map(\.sender).prefix(2) == [first, first.peer])
        let handshake = try #require(observed.handshakes.first)
        #expect(handshake.client == conversation.client && handshake.request == nil && handshake.response == nil)
        #expect(observed.connections.first?.close.isClean == true)
    }

    @Test("what continues a message from before the capture is no mistake")
    func continued() {
        var conversation = Conversation()
        conversation.send(FrameBytes(.continuation, [1]).unfinished, from: .server)
        conversation.send(text: "one", from: .client)
        conversation.send(FrameBytes(.continuation, [2]), from: .server)
        conversation.send(text: "two", from: .server)
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.midstream] && observed.ids == [.captureMidstream])
        #expect(observed.frames.map(\.message) == [1, 2, 1, 3])
        conversation.send(FrameBytes(.continuation), from: .server)
        #expect(Observed(conversation).ids == [.captureMidstream, .frameContinuationUnexpected])
    }

    @Test("a compressed connection is recognised, and its reserved bits are nobody's fault")
    func compressed() {
        var conversation = Conversation()
        let deflaters = Sender.allCases.map { (sender: $0, deflater: Deflater()) }
        for _ in 0..<3 {
            for (sender, deflater) in deflaters {
                conversation.send(FrameBytes(.text, deflater.message("over and over")).compressed, from: sender)
            }
        }
        #expect(Observed(conversation).ids == [.captureMidstream])
        // Without the first message, the others refer to what is not there: that is told once a direction.
        conversation.segments.removeFirst(4)
        #expect(Observed(conversation).ids == [.captureMidstream, .messageNotInflated, .messageNotInflated])
    }

    @Test("RSV1 may be of any extension where it is not known what was agreed on")
    func reservedBit() {
        var conversation = Conversation()
        for sender in Sender.allCases { conversation.send(text: "one", from: sender) }
        var frame = FrameBytes(text: "What does the bit mean?")
        frame.reservedBits = 4
        conversation.send(frame, from: .client)
        conversation.send(text: "two", from: .server)
        #expect(Observed(conversation).ids == [.captureMidstream, .messageNotInflated])
    }

    @Test("HTTP that was there before the capture may still become WebSocket")
    func lateUpgrade() {
        var conversation = Conversation()
        conversation.send("the rest of a body", from: .server)
        conversation.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n", from: .client)
        conversation.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", from: .server)
        conversation.send(HandshakeBytes().request.bytes, from: .client)
        conversation.send(HandshakeBytes().response.bytes, from: .server)
        conversation.send(text: "in", from: .client)
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.valid] && observed.texts == ["in"])
    }

    struct Other: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let client: [[UInt8]]
        let server: [[UInt8]]
    }

    private static func lines(_ texts: String...) -> [[UInt8]] { texts.map { Array($0.utf8) } }
    private static let record: [UInt8] = [0x17, 0x03, 0x03, 0x00, 0x20] + SeededGenerator.bytes(32, seed: 1)

    static let others = [
        Other(
            testDescription: "HTTP",
            client: lines("GET /a HTTP/1.1\r\nHost: a\r\n\r\n", "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"),
            server: lines("HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")),
        Other(testDescription: "TLS", client: [record], server: [record, record]),
        Other(
            testDescription: "SSH",
            client: lines("SSH-2.0-OpenSSH_9.6\r\n") + [SeededGenerator.bytes(48, seed: 2)],
            server: lines("SSH-2.0-OpenSSH_9.7\r\n") + [SeededGenerator.bytes(64, seed: 3)]),
        Other(
            testDescription: "MQTT",
            client: [[0x82, 0x06, 0, 1, 0, 1, 0x61, 0], [0xC0, 0x00], [0x82, 0x06, 0, 2, 0, 1, 0x62, 0]],
            server: [[0x90, 0x03, 0, 1, 0], [0xD0, 0x00], [0x90, 0x03, 0, 2, 0]]),
        Other(
            testDescription: "Redis", client: lines("*1\r\n$4\r\nPING\r\n", "*2\r\n$3\r\nGET\r\n$1\r\na\r\n"),
            server: lines("+PONG\r\n", "$1\r\nb\r\n")),
        Other(testDescription: "zeros", client: [[0, 0, 0, 0]], server: [[0, 0], [0, 0, 0, 0, 0, 0]]),
        Other(
            testDescription: "frames that both sides mask", client: [FrameBytes(.ping, maskingKey: 7).bytes],
            server: [FrameBytes(.ping, maskingKey: 8).bytes]),
        Other(
            testDescription: "frames that nobody masks", client: [FrameBytes(.ping).bytes],
            server: [FrameBytes(text: "hello").bytes]),
    ]

    @Test("other protocols are not taken for WebSocket", arguments: others)
    func other(_ other: Other) {
        var conversation = Conversation()
        for _ in 0..<20 {
            for place in 0..<max(other.client.count, other.server.count) {
                conversation.send(other.client[place % other.client.count], from: .client)
                conversation.send(other.server[place % other.server.count], from: .server)
            }
        }
        expectNothing(Observed(conversation))
    }

    @Test("random bytes are not taken for WebSocket", arguments: 0..<200)
    func random(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        var conversation = Conversation()
        for _ in 0..<40 {
            let count = Int.random(in: 3...200, using: &generator)
            conversation.send(generator.bytes(count), from: generator.oneIn(2) ? .client : .server)
        }
        expectNothing(Observed(conversation))
    }

    private func expectNothing(_ observed: Observed) {
        #expect(observed.handshakes.isEmpty && observed.frames.isEmpty && observed.findings.isEmpty)
        #expect(observed.connections.isEmpty && observed.summary.connections == 0 && observed.summary.flows == 1)
    }
}
