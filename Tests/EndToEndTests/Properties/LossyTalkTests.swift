import TapTestSupport
import Testing

/// Nothing that was concluded from what came before is said where that may be missing.
@Suite("Missing packets of what peers say")
struct LossyTalkTests {
    private static let names = [
        "actioncable", "amqp", "cdp", "graphql", "jsonrpc", "jupyter", "kubernetes", "kubernetes5", "mqtt", "ocpp",
        "phoenix", "pusher", "rfb", "signalr", "sip", "socketio", "sockjs", "stomp", "vite", "wamp", "webpack", "xmpp",
    ]

    @Test("nobody is accused, no unit is made up, and no answer is given to another request", arguments: names)
    func lossy(name: String) {
        let talk = LossyTalk(path: Wstap.sample("subprotocols/\(name).pcap"), name: name)
        let faults = RandomSeeds.faults(12) { seed in
            var generator = SeededGenerator(seed: 7_000_000 + seed)
            return talk.checked(&generator)
        }
        #expect(faults.isEmpty)
    }
}
