import TapTestSupport
import TapWebSocket

extension FindingSample {
    /// A socket on stream 1 whose heads are bent.
    private init(
        _ name: String, _ expected: [Place], isEnabled: Bool = true,
        request: (inout [HTTP2FieldEncoder.Field]) -> Void = { _ in },
        response: (inout [HTTP2FieldEncoder.Field]) -> Void = { _ in }
    ) {
        var talk = Multiplexed(isEnabled: isEnabled)
        var fields = Multiplexed.request(HandshakeBytes().request)
        request(&fields)
        talk.send(headers: fields, on: 1, from: .client)
        fields = Multiplexed.response(HandshakeBytes().response)
        response(&fields)
        talk.send(headers: fields, on: 1, from: .server)
        talk.close(1, by: .client)
        self.init(name, expected, talk.conversation)
    }

    /// A socket on stream 1, and what is sent beside it.
    private init(_ name: String, _ expected: [Place], talk: (inout Multiplexed) -> Void) {
        var multiplexed = Multiplexed()
        multiplexed.upgrade(1)
        talk(&multiplexed)
        self.init(name, expected, multiplexed.conversation)
    }

    static let streams: [FindingSample] = [
        FindingSample(
            "an extended CONNECT that was not enabled", [place(.h2ConnectNotEnabled, .client)], isEnabled: false),
        FindingSample("no :path", [place(.h2PseudoFields, .client)], request: { $0.removeAll { $0.name == ":path" } }),
        FindingSample(
            "Connection in a response", [place(.h2ConnectionField, .server)],
            response: { $0.append(("connection", "upgrade")) }),
        FindingSample(
            "a capital letter in a name", [place(.h2FieldInvalid, .client)], request: { $0.append(("Origin", "a")) }),
        FindingSample("101 in a stream", [place(.h2Status101, .server)], response: { $0[0].value = "101" }),
        FindingSample("204 in a stream", [place(.h2StatusNot200, .server)], response: { $0[0].value = "204" }),
        FindingSample(
            "no version in a stream", [place(.requestVersionMissing, .client)],
            request: { $0.removeAll { $0.name == "sec-websocket-version" } }),
        FindingSample(
            "a subprotocol that was not offered in a stream", [place(.responseProtocolNotOffered, .server)],
            response: { $0.append(("sec-websocket-protocol", "chat")) }),
        FindingSample("a frame on a stream that is over", [place(.h2FrameInvalid, .server)]) {
            $0.send(FrameBytes(closing: 1000), on: 1, from: .client)
            $0.send(FrameBytes(closing: 1000), on: 1, from: .server)
            $0.end(1, .server)
            $0.send([], on: 1, from: .server)
            $0.conversation.send(HTTP2Bytes.data([], on: 1), from: .server)
            $0.end(1, .client)
        },
        FindingSample("a message on a stream that is over", [place(.h2FrameInvalid, .server)]) {
            $0.send(FrameBytes(closing: 1000), on: 1, from: .client)
            $0.send(FrameBytes(closing: 1000), on: 1, from: .server)
            $0.end(1, .server)
            $0.send(FrameBytes(text: "late"), on: 1, from: .server)
            $0.end(1, .client)
        },
        FindingSample("a head on another stream that does not decode", [place(.h2FrameInvalid, .client)]) {
            $0.conversation.send(HTTP2Bytes.headers([0xFF, 0x40], on: 3, ends: true), from: .client)
            $0.close(1, by: .server)
        },
        FindingSample("WINDOW_UPDATE by nothing", [place(.h2FrameInvalid, .client)]) {
            $0.conversation.send(HTTP2Bytes.windowUpdate(0), from: .client)
            $0.close(1, by: .client)
        },
        FindingSample("RST_STREAM in place of a close frame", [place(.closeMissing, .client)]) { $0.reset(1, .client) },
        FindingSample("END_STREAM in place of close frames", [place(.closeMissing, .server)]) {
            $0.end(1, .server)
            $0.end(1, .client)
        },
        FindingSample("RST_STREAM in place of an answer", [place(.closeUnanswered, .server)]) {
            $0.send(FrameBytes(closing: 1000), on: 1, from: .client)
            $0.reset(1, .server, 2)
        },
        FindingSample("GOAWAY and the end of TCP", [place(.closeMissing, .server)]) {
            $0.conversation.send(HTTP2Bytes.goAway(1, 0), from: .server)
            $0.conversation.finish(.server)
            $0.conversation.finish(.client)
        },
        FindingSample("GOAWAY that lets the stream go on, and the other peer ends TCP", [place(.closeMissing, .client)])
        {
            $0.conversation.send(HTTP2Bytes.goAway(1, 0), from: .server)
            $0.conversation.finish(.client)
            $0.conversation.finish(.server)
        },
        FindingSample("GOAWAY with an error, and the other peer ends TCP", [place(.closeMissing, .server)]) {
            $0.conversation.send(HTTP2Bytes.goAway(1, 2), from: .server)
            $0.conversation.finish(.client)
            $0.conversation.finish(.server)
        },
        FindingSample("GOAWAY that leaves the stream out", [place(.closeMissing, .server)]) {
            $0.conversation.send(HTTP2Bytes.goAway(0, 0), from: .server)
            $0.conversation.finish(.client)
            $0.conversation.finish(.server)
        },
        FindingSample("GOAWAY of the client, whose streams may all go on", [place(.closeMissing, .server)]) {
            $0.conversation.send(HTTP2Bytes.goAway(0, 0), from: .client)
            $0.conversation.finish(.server)
            $0.conversation.finish(.client)
        },
        exceeded, waiting, refused, reset,
        // Legal neighbours.
        FindingSample("a socket in a stream", []) { $0.close(1, by: .server) },
        FindingSample("RST_STREAM after both close frames", []) {
            $0.send(FrameBytes(closing: 1000), on: 1, from: .server)
            $0.send(FrameBytes(closing: 1000), on: 1, from: .client)
            $0.reset(1, .client, 8)
        },
        FindingSample("END_STREAM and RST_STREAM after both close frames, as proxies send them", []) {
            $0.send(FrameBytes(closing: 1000), on: 1, from: .client)
            $0.send(FrameBytes(closing: 1000), on: 1, from: .server)
            $0.end(1, .server)
            $0.reset(1, .server, 0)
        },
        FindingSample("TE: trailers, which is allowed", [], request: { $0.append(("te", "trailers")) }),
        FindingSample("ordinary requests beside it", []) {
            $0.get(3)
            $0.get(5, "/page")
            $0.close(1, by: .client)
        },
    ]

    /// The server's window is what it is without SETTINGS.
    private static func narrow(_ talk: (inout Conversation, inout HTTP2FieldEncoder) -> Void) -> Conversation {
        var conversation = Conversation.opened
        var encoder = HTTP2FieldEncoder()
        conversation.send(HTTP2Bytes.preface + HTTP2Bytes.settings(), from: .client)
        conversation.send(HTTP2Bytes.settings([(8, 1)]) + HTTP2Bytes.acknowledgement, from: .server)
        conversation.send(HTTP2Bytes.acknowledgement, from: .client)
        let request = encoder.block(Multiplexed.request(HandshakeBytes().request))
        conversation.send(HTTP2Bytes.headers(request, on: 1), from: .client)
        var answers = HTTP2FieldEncoder()
        conversation.send(HTTP2Bytes.headers(answers.block([(":status", "200")]), on: 1), from: .server)
        talk(&conversation, &encoder)
        return conversation
    }

    private static func message(_ length: Int) -> [UInt8] {
        let key = 0x37FA_213D &+ UInt32(length)
        return FrameBytes(.binary, [UInt8](repeating: 7, count: length)).with { $0.maskingKey = key }.bytes
    }

    private static func data(_ bytes: [UInt8]) -> [[UInt8]] {
        stride(from: 0, to: bytes.count, by: 16_000).map {
            HTTP2Bytes.data(Array(bytes[$0..<min($0 + 16_000, bytes.count)]), on: 1)
        }
    }

    private static var exceeded: FindingSample {
        let conversation = narrow { conversation, _ in
            for frame in data(message(70_000)) { conversation.send(frame, from: .client) }
        }
        return FindingSample(
            "more data than the window allows", [place(.h2WindowExceeded, .client)], conversation)
    }

    private static var waiting: FindingSample {
        let bytes = message(65_535 - 14) + message(10)
        let conversation = narrow { conversation, _ in
            for frame in data(Array(bytes[..<65_535])) { conversation.send(frame, from: .client) }
            // A segment comes every millisecond.
            for _ in 0..<200 { conversation.send(HTTP2Bytes.ping, from: .server) }
            conversation.send(HTTP2Bytes.windowUpdate(1_000) + HTTP2Bytes.windowUpdate(1_000, on: 1), from: .server)
            conversation.send(HTTP2Bytes.data(Array(bytes[65_535...]), on: 1), from: .client)
        }
        return FindingSample(
            "a window that is exhausted for 200 ms",
            [place(.h2FlowControlWait, .server), place(.h2FlowControlWait, .server)], conversation)
    }

    private static var refused: FindingSample {
        var talk = Multiplexed()
        talk.send(headers: Multiplexed.request(HandshakeBytes().request), on: 1, from: .client)
        talk.send(headers: [(":status", "403"), ("content-length", "0")], on: 1, from: .server, ends: true)
        talk.reset(1, .server, 0)
        return FindingSample("a refusal in a stream", [place(.handshakeRefused, .server)], talk.conversation)
    }

    private static var reset: FindingSample {
        var talk = Multiplexed()
        talk.send(headers: Multiplexed.request(HandshakeBytes().request), on: 1, from: .client)
        talk.reset(1, .server, 7)
        return FindingSample(
            "a stream that is reset in place of a response", [place(.handshakeUnanswered, .server)], talk.conversation)
    }
}
