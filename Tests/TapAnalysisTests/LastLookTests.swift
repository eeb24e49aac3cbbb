import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

@Suite("The last look for frames, where a stream ends")
struct LastLookTests {
    /// A client's texts in segments that begin and end inside of frames, of which one is lost, and a close on both sides.
    private func conversation(texts: Int, isFinished: Bool) -> Conversation {
        var conversation = Conversation.upgraded()
        var bytes: [UInt8] = []
        for number in 0..<texts {
            let key = 0x37FA_213D &+ UInt32(number) &* 0x9E37_79B9
            bytes += FrameBytes(text: "line number \(100 + number) of a text that one can read", maskingKey: key).bytes
        }
        bytes += FrameBytes(closing: 1000, maskingKey: 0xDEAD_BEEF).bytes
        conversation.send(bytes, from: .client, segmentSize: 170)
        conversation.send(FrameBytes(closing: 1000), from: .server)
        if isFinished {
            conversation.finish(.server)
            conversation.finish(.client)
        }
        conversation.segments.remove(at: Conversation.upgradedPackets + 1)
        return conversation
    }

    @Test("few bytes behind a hole are enough", arguments: [12, 16, 20, 40], [false, true])
    func few(texts: Int, isFinished: Bool) throws {
        let observed = Observed(conversation(texts: texts, isFinished: isFinished))
        let connection = try #require(observed.connections.first)
        #expect(Set(observed.ids) == [.captureBytesMissing, .captureResynchronised])
        #expect(connection.fromClient.missingBytes == 170 && connection.fromClient.undecodedBytes < 51)
        #expect(connection.fromClient.close == 1)
        // Late is when they are decoded, not when they were sent.
        #expect(connection.close.isClean && connection.close.initiator == .client && connection.close.sign == .close)
        #expect(try #require(connection.close.answerTime) > 0)
    }

    @Test("a close frame alone is not certain")
    func alone() throws {
        var conversation = Conversation.upgraded()
        for text in ["one", "two"] { conversation.send(text: text, from: .client) }
        conversation.close(by: .client)
        conversation.segments.remove(at: Conversation.upgradedPackets + 2)
        let observed = Observed(conversation)
        #expect(observed.ids == [.captureBytesMissing, .captureSyncLost])
        #expect(try #require(observed.connections.first).fromClient.close == 0)
    }

    @Test("bytes at random behind a hole are no frames", arguments: 0..<50)
    func random(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(.binary, generator.bytes(4_000)), from: .server, segmentSize: 300)
        conversation.segments.remove(at: Conversation.upgradedPackets)
        let observed = Observed(conversation)
        #expect(observed.frames.isEmpty && Set(observed.ids) == [.captureBytesMissing, .captureSyncLost])
    }
}
