import TapSubprotocols
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

    private static let socketIO = "/socket.io/?EIO=4&transport=websocket"

    @Test(
        "are told by what names their protocol",
        arguments: [
            Beat(name: "engine.io", text: "2", target: socketIO),
            Beat(name: "engine.io", text: "3", sender: .client, target: socketIO),
            Beat(name: nil, text: "2"),
            Beat(name: nil, text: "2probe", target: socketIO),
            Beat(name: nil, text: "42[\"x\"]", target: socketIO),
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
            Beat(name: "pusher", text: #"{"event":"pusher:ping","data":{}}"#, target: "/app/key?protocol=7"),
            Beat(name: "sip", text: "\r\n\r\n", sender: .client, chosen: "sip"),
            Beat(name: "xmpp", text: " ", sender: .client, chosen: "xmpp"),
            Beat(name: nil, text: ""),
            Beat(name: nil, text: "{"),
            Beat(name: nil, text: "[[[[{{{{::,,"),
        ])
    func text(beat: Beat) {
        let context = ApplicationContext(subprotocol: beat.chosen, target: beat.target)
        let found = ApplicationHeartbeat(Array(beat.text.utf8)[...], from: beat.sender, isText: true, context)
        #expect(found?.rawValue == beat.name)
    }

    @Test("in bytes they are told by the agreed protocol", arguments: ["mqtt", nil])
    func bytes(chosen: String?) {
        let context = ApplicationContext(subprotocol: chosen, target: "/")
        for (bytes, isBeat) in [([0xC0, 0], true), ([0xD0, 0], true), ([0xC0, 0, 0xE0, 0], false)] as [([UInt8], Bool)]
        {
            let found = ApplicationHeartbeat(bytes[...], from: .client, isText: false, context)
            #expect(found == (isBeat && chosen != nil ? .mqtt : nil))
        }
    }
}
