import TapTestSupport
import TapWebSocket

extension FindingSample {
    static let ends: [FindingSample] = [
        FindingSample(.closeUnanswered, .server, "a FIN in place of an answer") {
            $0.send(FrameBytes(closing: 1000), from: .client)
            $0.finish(.server)
            $0.finish(.client)
        },
        FindingSample(.closeUnanswered, .client, "a FIN that does not wait for the answer") {
            $0.send(FrameBytes(closing: 1000), from: .client)
            $0.finish()
        },
        FindingSample(.closeUnanswered, .client, "a reset that does not wait for the answer") {
            $0.send(FrameBytes(closing: 1000), from: .client)
            $0.reset(from: .client)
        },
        FindingSample(.pingUnanswered, .client, frame: 1, "silence through four pings, and more than a second") {
            for payload: UInt8 in 0..<4 { $0.send(FrameBytes(.ping, [payload]), from: .server) }
            for _ in 0..<600 { $0.send(text: "still there?", from: .server) }
            $0.close(by: .server)
        },
        FindingSample(.closeAbnormal, .server, frame: 1, "an exception of the server") {
            $0.send(FrameBytes(closing: 1011), from: .server)
            $0.send(FrameBytes(closing: 1011), from: .client)
            $0.finish()
        },
        FindingSample(.closeMissing, .server, "FINs alone") {
            $0.send(text: "hello", from: .client)
            $0.finish(.server)
            $0.finish(.client)
        },
        FindingSample(.closeMissing, .client, "a reset alone") {
            $0.send(text: "hello", from: .server)
            $0.reset(from: .client)
        },
        inFrame, inPeersFrame, inMessage, notForServer,
    ]

    private static var notForServer: FindingSample {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(closing: 1010), from: .server)
        return FindingSample(
            "a server that wants an extension",
            [place(.closeCodeNotForServer, .server, frame: 1), place(.closeAbnormal, .server, frame: 1)], conversation)
    }

    private static var inFrame: FindingSample {
        var conversation = Conversation.upgraded()
        conversation.send(Array(FrameBytes(text: "hello").bytes.dropLast()), from: .server)
        conversation.finish(.server)
        conversation.finish(.client)
        return FindingSample(
            "a FIN in the middle of a frame", [place(.closeInFrame, .server, frame: 1), place(.closeMissing, .server)],
            conversation)
    }

    private static var inPeersFrame: FindingSample {
        var conversation = Conversation.upgraded()
        conversation.send(Array(FrameBytes(text: "hello").bytes.dropLast()), from: .server)
        conversation.reset(from: .client)
        return FindingSample(
            "a reset in the middle of the peer's frame",
            [place(.closeInFrame, .client, frame: 1), place(.closeMissing, .client)],
            conversation)
    }

    private static var inMessage: FindingSample {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(text: "hello").unfinished, from: .server)
        conversation.finish(.server)
        conversation.finish(.client)
        return FindingSample(
            "a FIN in the middle of a message",
            [place(.messageUnfinished, .server), place(.closeMissing, .server)], conversation)
    }
}
