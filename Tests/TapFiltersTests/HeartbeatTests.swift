import TapAnalysis
import TapFilters
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Heartbeats of applications")
struct HeartbeatTests {
    struct Beat: CustomTestStringConvertible, Sendable {
        let name: String?
        let text: String
        var sender = Sender.server
        var target = "/"
        var chosen: String?
        var testDescription: String { "\(name ?? "none"): \(text)" }
    }

    @Test(
        "are told by what names their protocol",
        arguments: [
            Beat(name: "engine.io", text: "2", target: "/socket.io/?EIO=4&transport=websocket"),
            Beat(name: "engine.io", text: "3", sender: .client, target: "/socket.io/?EIO=4&transport=websocket"),
            Beat(name: nil, text: "2"),
            Beat(name: nil, text: "2probe", target: "/socket.io/?EIO=4&transport=websocket"),
            Beat(name: nil, text: "42[\"x\"]", target: "/socket.io/?EIO=4&transport=websocket"),
            Beat(name: "sockjs", text: "h", target: "/echo/123/abcdefgh/websocket"),
            Beat(name: nil, text: "h", sender: .client, target: "/echo/123/abcdefgh/websocket"),
            Beat(name: nil, text: "h", target: "/echo/websocket"),
            Beat(name: "phoenix", text: #"[null,"7","phoenix","heartbeat",{}]"#, sender: .client),
            Beat(name: "phoenix", text: #"[null,"7","phoenix","phx_reply",{"status":"ok","response":{}}]"#),
            Beat(
                name: "phoenix", text: #"{"topic":"phoenix","event":"heartbeat","payload":{},"ref":"7"}"#,
                sender: .client),
            Beat(name: nil, text: #"{"topic":"room:1","event":"heartbeat","payload":{},"ref":"7"}"#),
            Beat(name: nil, text: #"["1","7","room:phoenix","heartbeat",{}]"#),
            Beat(name: "signalr", text: "{\"type\":6}\u{1E}"),
            Beat(name: "signalr", text: "{ \"type\": 6 }\u{1E}"),
            Beat(name: nil, text: #"{"type":6}"#),
            Beat(name: nil, text: "{\"type\":6,\"more\":1}\u{1E}"),
            Beat(name: nil, text: "{\"type\":1}\u{1E}"),
            Beat(name: "graphql", text: #"{"type":"ping"}"#, chosen: "graphql-transport-ws"),
            Beat(
                name: "graphql", text: #"{"type":"pong","payload":{"type":"next"}}"#, sender: .client,
                chosen: "graphql-transport-ws"),
            Beat(name: "graphql", text: #"{"type":"ka"}"#, chosen: "graphql-ws"),
            Beat(name: nil, text: #"{"type":"ka"}"#, chosen: "graphql-transport-ws"),
            Beat(name: nil, text: #"{"type":"ping"}"#),
            Beat(name: nil, text: #"{"payload":{"type":"ping"}}"#, chosen: "graphql-transport-ws"),
            Beat(name: "action-cable", text: #"{"type":"ping","message":1700000000}"#, chosen: "actioncable-v1-json"),
            Beat(name: "stomp", text: "\n", chosen: "v12.stomp"),
            Beat(name: nil, text: "\n"),
            Beat(name: nil, text: ""),
            Beat(name: nil, text: "{"),
            Beat(name: nil, text: "[[[[{{{{::,,"),
        ])
    func text(beat: Beat) throws { try check(beat, FrameBytes(text: beat.text)) }

    @Test("MQTT is told by its packets of two bytes", arguments: ["mqtt", nil])
    func mqtt(chosen: String?) throws {
        for bytes: [UInt8] in [[0xC0, 0], [0xD0, 0]] {
            let beat = Beat(name: chosen, text: "", chosen: chosen)
            try check(beat, FrameBytes(.binary, bytes))
        }
        try check(Beat(name: nil, text: "", chosen: chosen), FrameBytes(.binary, [0xC0, 1]))
    }

    @Test("--hide leaves out pings and pongs, but none that something was found about")
    func hidden() throws {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(.ping, [1]), from: .client)
        conversation.send(FrameBytes(.ping, [1]).bytes, from: .client)
        conversation.send(text: "hello", from: .client)
        let shown = try Filtered(conversation, FilterExpression.withoutHeartbeats.description)
        #expect(shown.frames == ["frame 1.2", "frame 1.3"])
    }

    private func check(_ beat: Beat, _ frame: FrameBytes) throws {
        var conversation = Conversation.upgraded(
            HandshakeBytes(target: beat.target, protocols: beat.chosen, chosenProtocol: beat.chosen))
        conversation.send(frame, from: beat.sender)
        let name = beat.name.map { "heartbeat == \($0)" } ?? "not heartbeat and type == frame"
        #expect(try Filtered(conversation, name).frames == ["frame 1.1"])
        #expect(try Filtered(conversation, "not (\(name))").frames.isEmpty)
    }
}
