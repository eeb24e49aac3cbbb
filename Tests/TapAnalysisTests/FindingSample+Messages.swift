import TapAnalysis
import TapTestSupport
import TapWebSocket

extension FindingSample {
    private static let deflate = "permessage-deflate"

    static let messages: [FindingSample] = [
        FindingSample(.messageNotUTF8, .client, frame: 1, "a text in Latin-1") {
            $0.send(FrameBytes(.text, [0x63, 0x61, 0x66, 0xE9]), from: .client)
        },
        FindingSample(.messageNotUTF8, .server, frame: 3, "a text that ends in the middle of a character") {
            $0.send(FrameBytes(.text, [0xF0]).unfinished, from: .server)
            $0.send(FrameBytes(.continuation, [0x9F, 0x98]).unfinished, from: .server)
            $0.send(FrameBytes(.continuation), from: .server)
        },
        FindingSample(.messageNotUTF8, .server, frame: 2, "a text that is wrong from its second fragment on") {
            $0.send(FrameBytes(.text, [0x61]).unfinished, from: .server)
            for _ in 0..<2 { $0.send(FrameBytes(.continuation, [0xFF]).unfinished, from: .server) }
            $0.send(FrameBytes(.continuation), from: .server)
        },
        FindingSample(.messageNotUTF8, .client, frame: 1, "a compressed text in Latin-1", extensions: deflate) {
            $0.send(FrameBytes(.text, Deflater().message([0x63, 0x61, 0x66, 0xE9])).compressed, from: .client)
        },
        FindingSample(.messageUnfinished, .server, "a close in the middle of a message") {
            $0.send(FrameBytes(text: "one").unfinished, from: .server)
            $0.send(FrameBytes(closing: 1000), from: .server)
            $0.send(FrameBytes(closing: 1000), from: .client)
        },
        FindingSample(.messageInflateFailed, .client, frame: 1, "a message that is not compressed", extensions: deflate)
        {
            $0.send(FrameBytes(text: "hello").compressed, from: .client)
            $0.send(FrameBytes(text: "hello"), from: .client)
        },
        FindingSample(.messageInflateFailed, .server, frame: 1, "a message cut in a block", extensions: deflate) {
            let whole = Deflater().message("a sentence that is long enough to be cut")
            $0.send(FrameBytes(.text, Array(whole.dropLast(3))).compressed, from: .server)
        },
        FindingSample(
            .messageInflateFailed, .server, frame: 2, "messages that refer to what there was, against the agreement",
            extensions: "permessage-deflate; server_no_context_takeover"
        ) {
            let deflater = Deflater()
            for _ in 0..<2 {
                $0.send(FrameBytes(.text, deflater.message("what was said before")).compressed, from: .server)
            }
        },
        FindingSample(
            .messageWindowExceeded, .server, frame: 1, "a message that needs the largest window",
            extensions: "permessage-deflate; server_max_window_bits=8"
        ) {
            let words = SeededGenerator.bytes(600, seed: 1)
            $0.send(FrameBytes(.binary, Deflater().message(words + words)).compressed, from: .server)
        },
        bomb, notInflated, tooManyInflaters,
    ]

    private static var bomb: FindingSample {
        var conversation = Conversation.upgraded(extensions: deflate)
        let zeros = [UInt8](repeating: 0, count: 3 << 20)
        conversation.send(FrameBytes(.binary, Deflater(level: 9).message(zeros)).compressed, from: .server)
        return FindingSample(
            "three megabytes of zeros", [place(.messageInflateLimited, .server, frame: 1)], conversation)
    }

    private static var notInflated: FindingSample {
        let deflater = Deflater()
        var conversation = Conversation.upgraded(extensions: deflate)
        for _ in 0..<2 {
            let message = deflater.message("the quick brown fox jumps over the lazy dog")
            conversation.send(FrameBytes(.text, message).compressed, from: .server, segmentSize: 20)
        }
        conversation.segments.remove(at: Conversation.upgradedPackets + 1)
        return FindingSample(
            "what a message refers to is missing",
            [place(.captureBytesMissing, .server), place(.messageNotInflated, .server, frame: 1)], conversation)
    }

    private static var tooManyInflaters: FindingSample {
        var conversation = Conversation.upgraded(extensions: deflate)
        for _ in 0..<2 {
            conversation.send(FrameBytes(.text, Deflater().message("hello")).compressed, from: .client)
        }
        var options = AnalysisOptions()
        options.inflaterLimit = 0
        return FindingSample(
            "no room for what inflates", [place(.messageNotInflated, .client, frame: 1)], conversation, options)
    }
}
