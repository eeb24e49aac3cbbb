import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

/// Of the usual frames few fit the counts that every connection has; the others are moved to larger ones.
@Suite("Counts of frames")
struct FrameCountTests {
    private static let options: AnalysisOptions = {
        var options = AnalysisOptions()
        options.observesFrames = false
        return options
    }()

    private func sent(_ frames: [(frame: FrameBytes, count: Int)]) throws -> DirectionStatistics {
        var conversation = Conversation.upgraded()
        for (frame, count) in frames {
            let bytes = [[UInt8]](repeating: frame.bytes, count: count).flatMap(\.self)
            conversation.send(bytes, from: .server, segmentSize: 50_000)
        }
        return try #require(Observed(conversation, FrameCountTests.options).connections.first).fromServer
    }

    @Test("are exact however many there are", arguments: [254, 255, 256, 600, 65_534, 65_535, 65_536, 140_000])
    func many(count: Int) throws {
        let sent = try sent([
            (FrameBytes(.ping, [1]), count), (FrameBytes(.pong, [2, 3]), count + 1), (FrameBytes(text: "text"), 3),
            (FrameBytes(closing: 1000), min(count, 600)),
        ])
        let number = UInt64(count)
        let closes = min(number, 600)
        #expect(sent.ping == number && sent.pong == number + 1 && sent.text == 3 && sent.close == closes)
        #expect(sent.frames == 2 * number + 4 + closes && sent.messages == 3)
        #expect(sent.payloadBytes == number + 2 * (number + 1) + 12 + 2 * closes)
    }

    @Test("tell messages from frames")
    func fragments() throws {
        let fragment = FrameBytes(.continuation, [2]).unfinished
        let sent = try sent([
            (FrameBytes(.binary, [1]).unfinished, 1), (fragment, 5), (FrameBytes(.ping), 2),
            (FrameBytes(.continuation, [3]), 1), (FrameBytes(.binary, [4]), 2),
            (FrameBytes(text: "open").unfinished, 1), (fragment, 2),
        ])
        #expect(sent.binary == 3 && sent.continuation == 8 && sent.text == 1 && sent.ping == 2)
        #expect(sent.frames == 14 && sent.messages == 3 && sent.payloadBytes == 1 + 5 + 1 + 2 + 4 + 2)
    }

    @Test("count a frame that nobody finished, and no message for it")
    func cutOff() throws {
        let cut = FrameBytes(text: "0123456789").with { $0.statedLength = 100 }
        let sent = try sent([(FrameBytes(text: "whole"), 1), (cut, 1)])
        #expect(sent.text == 2 && sent.frames == 2 && sent.messages == 1 && sent.payloadBytes == 15)
    }
}
