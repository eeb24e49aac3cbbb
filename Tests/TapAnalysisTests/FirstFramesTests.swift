import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Where frames begin in captures that begin in the middle")
struct FirstFramesTests {
    @Test("one frame each way is enough where nothing else was sent", arguments: [true, false])
    func oneEachWay(isBinary: Bool) {
        var conversation = Conversation()
        let opcode: Opcode = isBinary ? .binary : .text
        conversation.send(FrameBytes(opcode, Array("Hello, world!".utf8)), from: .client)
        conversation.send(FrameBytes(opcode, Array("Hello, client".utf8)), from: .server)
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.midstream] && observed.texts == ["Hello, world!", "Hello, client"])
        #expect(observed.handshakes.first?.client == conversation.client)
    }

    @Test("but not beside anything else, nor in one direction", arguments: Sender.allCases)
    func notMore(sender: Sender) {
        var alone = Conversation()
        alone.send(FrameBytes(.binary, Array("Hello, world!".utf8)), from: sender)
        #expect(Observed(alone).handshakes.isEmpty)
        var more = Conversation()
        for sender in Sender.allCases { more.send(FrameBytes(.binary, Array("Hello, world!".utf8)), from: sender) }
        more.send([0xFF, 0xFF, 0xFF], from: sender)
        #expect(Observed(more).handshakes.isEmpty)
    }

    /// What the server's direction begins with, before its first whole frame.
    static let rests: [[UInt8]] = [
        [0x81, 0x85, 1, 2, 3, 4, 5, 6, 7, 8, 9], [0xF1, 0x03, 0x61, 0x62, 0x63], [0x09, 0x01, 0x61],
        [0x01, 0x00], [0x81, 0x00], [0x02, 0x00], [0x00, 0x00], [0x82, 0x01, 0x41, 0xF2, 0x00],
        [0x82, 0x01, 0x41, 0x09, 0x00], Array("Accept: abc\r\n\r\n".utf8),
        SeededGenerator.bytes(40, seed: 5),
    ]

    @Test("a direction is not entered where no frame begins", arguments: rests, [2, 3, 1_460])
    func rest(bytes: [UInt8], segmentSize: Int) throws {
        var conversation = Conversation()
        for number in 0..<3 { conversation.send(text: "question number \(number)", from: .client) }
        conversation.send(bytes, from: .server, segmentSize: segmentSize)
        for number in 3..<9 {
            conversation.send(text: "question number \(number)", from: .client)
            conversation.send(text: "answer number \(number)", from: .server)
        }
        let observed = Observed(conversation)
        #expect(observed.texts.allSatisfy { $0.hasPrefix("question") || $0.hasPrefix("answer") }, "\(observed.texts)")
        #expect(observed.texts.contains("answer number 8"))
        #expect(observed.findings.allSatisfy { $0.violation.id.severity < .error })
        let server = try #require(observed.connections.first).fromServer
        #expect(server.undecodedBytes >= UInt64(bytes.count))
    }
}
