import TapSubprotocols
import Testing

@Suite("Action Cable, Pusher, DevTools, reloading")
struct BrowserProtocolTests {
    /// https://docs.anycable.io/misc/action_cable_protocol
    @Test("Action Cable")
    func actionCable() {
        var talk = Talk("actioncable-v1-json")
        talk.server(#"{"type":"welcome"}"#)
        talk.client(#"{"command":"subscribe","identifier":"{\"channel\":\"ChatChannel\",\"id\":1}"}"#)
        talk.client(#"{"command":"subscribe","identifier":"{\"channel\":\"AdminChannel\"}"}"#)
        talk.server(#"{"identifier":"{\"channel\":\"ChatChannel\",\"id\":1}","type":"confirm_subscription"}"#)
        talk.server(#"{"identifier":"{\"channel\":\"AdminChannel\"}","type":"reject_subscription"}"#)
        talk.client(
            #"{"command":"message","identifier":"{\"channel\":\"ChatChannel\",\"id\":1}","data":"{\"action\":\"speak\"}"}"#
        )
        talk.server(#"{"identifier":"{\"channel\":\"ChatChannel\",\"id\":1}","message":{"text":"hi"}}"#)
        talk.server(#"{"type":"ping","message":1700000000}"#)
        talk.server(#"{"type":"disconnect","reason":"unauthorized","reconnect":false}"#)
        #expect(
            talk.lines == [
                "welcome", "subscribe ChatChannel", "subscribe AdminChannel", "confirm_subscription ChatChannel <-2",
                "reject_subscription AdminChannel ! <-3", "message ChatChannel", "message ChatChannel", "ping ♥",
                "disconnect",
            ])
        #expect(talk.summaries.last == "disconnect unauthorized")
        #expect(talk.findings == ["application-error 5"])
    }

    @Test("pings of Action Cable that came every 3 s and then do not are missed")
    func pings() {
        for wait in [3.0, 4.0] {
            var talk = Talk("actioncable-v1-json")
            talk.server(#"{"type":"welcome"}"#)
            for _ in 0..<3 { talk.server(#"{"type":"ping","message":1}"#, after: wait) }
            talk.server(#"{"type":"ping","message":1}"#, after: 7)
            talk.finish()
            #expect(talk.findings == (wait == 3 ? ["application-heartbeat-missed 4"] : []))
        }
    }

    /// https://pusher.com/docs/channels/library_auth_reference/pusher-websockets-protocol/
    @Test("Pusher")
    func pusher() {
        var talk = Talk(target: "/app/key?protocol=7&client=js")
        talk.server(
            #"{"event":"pusher:connection_established","data":"{\"socket_id\":\"45723.14\",\"activity_timeout\":120}"}"#
        )
        talk.client(#"{"event":"pusher:subscribe","data":{"channel":"private-x","auth":"key:signature"}}"#)
        talk.server(#"{"event":"pusher_internal:subscription_succeeded","channel":"private-x","data":"{}"}"#)
        talk.server(#"{"event":"new-price","channel":"private-x","data":"{\"price\":1}"}"#)
        talk.client(#"{"event":"pusher:ping","data":{}}"#)
        talk.server(#"{"event":"pusher:pong","data":"{}"}"#)
        talk.server(#"{"event":"pusher:error","data":{"message":"Over quota","code":4004}}"#)
        #expect(
            talk.lines == [
                "pusher:connection_established 45723.14", "pusher:subscribe private-x",
                "pusher_internal:subscription_succeeded private-x <-2", "new-price private-x", "pusher:ping ♥",
                "pusher:pong <-5 ♥", "pusher:error !4004",
            ])
        #expect(talk.secrets == [#""key:signature""#])
        #expect(talk.summaries[3] == #"new-price private-x {"price":1}"#)
        #expect(talk.findings == ["application-error 7"])
    }

    /// https://chromedevtools.github.io/devtools-protocol/
    @Test("the Chrome DevTools Protocol", arguments: ["/devtools/page/1", "/"])
    func devTools(target: String) {
        var talk = Talk(target: target)
        talk.client(#"{"id":1,"method":"Page.navigate","params":{"url":"about:blank"}}"#)
        talk.server(#"{"id":1,"result":{"frameId":"A"}}"#)
        talk.server(#"{"method":"Network.requestWillBeSent","params":{}}"#)
        talk.client(#"{"id":1,"method":"Runtime.enable","sessionId":"s"}"#)
        talk.client(#"{"id":1,"method":"No.such"}"#)
        talk.server(#"{"error":{"code":-32601,"message":"'No.such' wasn't found"},"id":1}"#)
        talk.server(#"{"id":1,"result":{},"sessionId":"s"}"#)
        #expect(
            talk.lines == [
                "request Page.navigate 1", "response Page.navigate 1 <-1", "event Network.requestWillBeSent",
                "request Runtime.enable 1", "request No.such 1", "error No.such 1 !-32601 <-5",
                "response Runtime.enable 1 <-4",
            ])
        #expect(talk.conversation.recognition?.protocol == .cdp)
        #expect(talk.findings == ["application-error 6"])
    }

    @Test("vite and webpack")
    func reloading() {
        var talk = Talk("vite-hmr")
        talk.server(#"{"type":"connected"}"#)
        talk.server(#"{"type":"update","updates":[{"type":"js-update","path":"/src/a.js"}]}"#)
        talk.server(#"{"type":"full-reload","path":"/index.html"}"#)
        talk.server(#"{"type":"error","err":{"message":"Unexpected token"}}"#)
        #expect(
            talk.summaries == ["connected", "update /src/a.js", "full-reload /index.html", "error Unexpected token"])
        #expect(talk.findings.isEmpty)
        talk = Talk(target: "/ws")
        talk.server(#"{"type":"hot"}"#)
        talk.server(#"{"type":"hash","data":"abc"}"#)
        talk.server(#"{"type":"ok"}"#)
        #expect(talk.summaries == ["hot", #"hash "abc""#, "ok"])
        #expect(talk.conversation.recognition?.description == "webpack, by message 1: hot on the path /ws")
    }

    @Test(
        "one member alone is none of them",
        arguments: [
            #"{"type":"welcome"}"#, #"{"command":"subscribe"}"#, #"{"event":"pusher:ping"}"#,
            #"{"id":1,"method":"go"}"#,
            #"{"method":"Page.navigate"}"#, #"{"type":"hash","data":"abc"}"#,
            #"{"header":{"msg_id":"1","msg_type":"a"}}"#,
            #"[1,"realm",{}]"#, #"{"type":"connection_init"}"#, #"{"type":"ping"}"#,
        ])
    func notRecognized(text: String) {
        var talk = Talk()
        talk.client(text)
        talk.server(text)
        #expect(talk.conversation.recognition == nil)
        #expect(talk.items.allSatisfy { $0.protocol == .json } && talk.findings.isEmpty)
    }
}
