import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Frames")
struct FrameTests {
    @Test("every opcode is told as it was sent", arguments: Sender.allCases, UInt8(0)...15)
    func opcode(sender: Sender, nibble: UInt8) throws {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(Opcode(rawValue: nibble), [1, 2, 3]), from: sender)
        let observed = Observed(conversation)
        let frame = try #require(observed.frames.first)
        #expect(frame.header.opcode.rawValue == nibble && frame.sender == sender && frame.isWhole)
        #expect(frame.header.isMasked == (sender == .client) && observed.payloads == [[1, 2, 3]])
        #expect(frame.message == (nibble < 3 ? 1 : nil))
    }

    @Test("every form of length is read", arguments: [0, 1, 125, 126, 65_535, 65_536], Sender.allCases)
    func length(count: Int, sender: Sender) throws {
        let payload = SeededGenerator.bytes(count, seed: count)
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(.binary, payload), from: sender)
        conversation.send(text: "next", from: sender)
        let observed = Observed(conversation)
        let frame = try #require(observed.frames.first)
        #expect(frame.header.payloadLength == UInt64(count) && frame.capturedLength == UInt64(count))
        #expect(observed.payloads.first == payload && observed.texts.last == "next" && observed.ids == [])
    }

    @Test("fragments belong to one message, whatever comes between them")
    func fragments() {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(text: "a").unfinished, from: .client)
        conversation.send(FrameBytes(.ping), from: .client)
        conversation.send(FrameBytes(text: "x").unfinished, from: .server)
        conversation.send(FrameBytes(.continuation, Array("b".utf8)).unfinished, from: .client)
        conversation.send(FrameBytes(.continuation, Array("y".utf8)), from: .server)
        conversation.send(FrameBytes(.pong), from: .server)
        conversation.send(FrameBytes(.continuation, Array("c".utf8)), from: .client)
        conversation.send(text: "d", from: .client)
        let observed = Observed(conversation)
        let expected = [
            "1 client text 1 “a”", "2 client ping “”", "3 server text 2 “x”", "4 client continuation 1 “b”",
            "5 server continuation 2 “y”", "6 server pong “”", "7 client continuation 1 “c”", "8 client text 3 “d”",
        ]
        #expect(observed.lines == expected && observed.ids == [] && observed.summary.messages == 3)
    }

    @Test("frames are numbered in the order in which they are complete")
    func numbers() {
        var conversation = Conversation.upgraded()
        let long = FrameBytes(text: "long").bytes
        conversation.send(Array(long.prefix(3)), from: .server)
        conversation.send(text: "short", from: .client)
        conversation.send(Array(long.dropFirst(3)), from: .server)
        let observed = Observed(conversation)
        #expect(observed.lines == ["1 client text 2 “short”", "2 server text 1 “long”"])
        #expect(observed.frames.map(\.firstPacket.rawValue) == [10, 8])
        #expect(observed.frames.map(\.packet.rawValue) == [10, 12])
        #expect(observed.frames.map(\.time.nanoseconds) == [9, 11].map { 1_700_000_000_000_000_000 + $0 * 1_000_000 })
    }

    @Test("several frames in one segment have its packet")
    func together() {
        var conversation = Conversation.upgraded()
        conversation.send(["a", "b", "c"].flatMap { FrameBytes(text: $0).bytes }, from: .server)
        let observed = Observed(conversation)
        #expect(observed.texts == ["a", "b", "c"] && observed.frames.map(\.packet.rawValue) == [8, 8, 8])
    }

    @Test("of a frame longer than the limit, the rest is stepped over", arguments: [0, 1, 999, 1_000, 1_001])
    func payloadLimit(limit: Int) {
        let payload = SeededGenerator.bytes(1_000, seed: 1)
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(.binary, payload), from: .client, segmentSize: 64)
        conversation.send(FrameBytes(.ping), from: .client)
        var options = AnalysisOptions()
        options.payloadLimit = limit
        let observed = Observed(conversation, options)
        #expect(observed.payloads == [Array(payload.prefix(limit)), []] && observed.ids == [])
        #expect(observed.frames.map(\.capturedLength) == [1_000, 0])
        #expect(observed.frames.allSatisfy { $0.isWhole })
    }

    @Test("of frames that are incomplete at the same time, only so much is kept in all")
    func pendingLimit() {
        let payload = [UInt8](repeating: 7, count: 1_000)
        var conversation = Conversation.upgraded()
        for sender in Sender.allCases {
            conversation.send(Array(FrameBytes(.binary, payload).sent(by: sender).bytes.dropLast()), from: sender)
        }
        conversation.send([7], from: .server)
        conversation.send([7 ^ 0x3D], from: .client)
        conversation.send(FrameBytes(.binary, payload), from: .server)
        var options = AnalysisOptions()
        options.pendingPayloadLimit = 1_500
        let observed = Observed(conversation, options)
        #expect(observed.frames.allSatisfy { $0.isWhole && $0.capturedLength == 1_000 })
        #expect(observed.payloads.map(\.count) == [501, 1_000, 1_000])
    }

    @Test("a frame that the end of the capture cuts off is told as far as it goes")
    func cutOff() throws {
        var conversation = Conversation.upgraded()
        conversation.send(Array(FrameBytes(text: "hello").sent(by: .client).bytes.dropLast(2)), from: .client)
        let observed = Observed(conversation)
        let frame = try #require(observed.frames.first)
        #expect(!frame.isWhole && frame.capturedLength == 3 && observed.texts == ["hel"])
        let client = try #require(observed.connections.first).fromClient
        #expect(client.frames == 1 && client.messages == 0 && client.payloadBytes == 3)
    }
}
