import TapAnalysis
import TapCore
import TapTestSupport
import TapWebSocket

extension FindingSample {
    /// What messages say in JSON-RPC, MQTT and Engine.IO; a handshake that takes its time.
    static let applications: [FindingSample] = [
        talking("a call that fails", [place(.applicationError, .server, frame: 2)]) {
            $0.send(text: call(1), from: .client)
            $0.send(
                text: #"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no such method"}}"#, from: .server)
        },
        talking("a call without an answer", [place(.applicationUnanswered, .server)]) {
            $0.send(text: call(1), from: .client)
            $0.later(seconds: 2)
        },
        talking("an answer after two seconds", [place(.applicationSlow, .server, frame: 2)]) {
            $0.send(text: call(1), from: .client)
            $0.later(seconds: 2)
            $0.send(text: answer(1), from: .server)
        },
        talking("two calls with one id", [place(.applicationDuplicateID, .client, frame: 2)]) {
            $0.send(text: call(1), from: .client)
            $0.send(text: call(1), from: .client)
            $0.send(text: answer(1), from: .server)
        },
        talking("no call at all", [place(.applicationMalformed, .client, frame: 3)]) {
            $0.send(text: call(1), from: .client)
            $0.send(text: answer(1), from: .server)
            $0.send(text: "hello?", from: .client)
        },
        talking(
            "silence for longer than Engine.IO allows", target: "/socket.io/?EIO=4&transport=websocket",
            [place(.applicationHeartbeatMissed, .server, frame: 2)]
        ) {
            $0.send(text: #"0{"sid":"a","upgrades":[],"pingInterval":1000,"pingTimeout":500}"#, from: .server)
            $0.later(seconds: 2)
            $0.send(text: "2", from: .server)
            $0.send(text: "3", from: .client)
        },
        slowHandshake,
    ]

    static func call(_ id: Int) -> String { #"{"jsonrpc":"2.0","id":\#(id),"method":"tide.now"}"# }

    static func answer(_ id: Int) -> String { #"{"jsonrpc":"2.0","id":\#(id),"result":"low"}"# }

    static func decoding(_ options: AnalysisOptions = AnalysisOptions()) -> AnalysisOptions {
        var options = options
        options.decodesMessages = true
        return options
    }

    private static func talking(
        _ name: String, target: String = "/chat", _ expected: [Place], talk: (inout Conversation) -> Void
    ) -> FindingSample {
        var conversation = Conversation.upgraded(HandshakeBytes(target: target))
        talk(&conversation)
        conversation.close(by: .client)
        return FindingSample(name, expected, conversation, decoding())
    }

    private static var slowHandshake: FindingSample {
        var conversation = Conversation.opened
        conversation.send(HandshakeBytes().request.bytes, from: .client)
        conversation.later(seconds: 2)
        conversation.send(HandshakeBytes().response.bytes, from: .server)
        conversation.close(by: .client)
        return FindingSample("a 101 after two seconds", [place(.handshakeSlow, .server)], conversation)
    }
}

extension Conversation {
    /// What follows is captured so much later: an empty segment of both stands for the time between.
    mutating func later(seconds: Int64) {
        let now = segments.last?.nanoseconds ?? 1_700_000_000_000_000_000 + Int64(segments.count) * 1_000_000
        acknowledge(from: .server)
        segments[segments.count - 1].nanoseconds = now + seconds * 1_000_000_000
    }
}
