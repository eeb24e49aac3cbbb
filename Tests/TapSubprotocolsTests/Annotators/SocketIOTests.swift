import TapSubprotocols
import TapWebSocket
import Testing

@Suite("Engine.IO and Socket.IO")
struct SocketIOTests {
    private static let target = "/socket.io/?EIO=4&transport=websocket"

    /// The sample session of https://socket.io/docs/v4/socket-io-protocol/, and acks as there.
    @Test("a session of version 4")
    func session() {
        var talk = Talk(target: SocketIOTests.target)
        talk.server(
            #"0{"sid":"lv_VI97HAXpY6yYWAAAB","upgrades":[],"pingInterval":25000,"pingTimeout":5000,"maxPayload":1000000}"#
        )
        talk.client("40")
        talk.server(#"40{"sid":"wZX3oN0bSVIhsaknAAAI"}"#)
        talk.client(#"42["foo"]"#)
        talk.client(#"421["bar",{"a":1},"x"]"#)
        talk.server(#"431["baz"]"#)
        talk.server("2", after: 25)
        talk.client("3")
        talk.client("41")
        #expect(
            talk.lines == [
                "open lv_VI97HAXpY6yYWAAAB", "connect", "connect <-2", "event foo", "event bar 1", "ack bar 1 <-5",
                "ping ♥",
                "pong <-7 ♥", "disconnect",
            ])
        #expect(talk.summaries[4] == #"event bar ack 1 {"a":1} "x""#)
        #expect(talk.summaries[5] == #"ack bar 1 "baz""#)
        #expect(
            talk.conversation.recognition?.description
                == "socket.io, by the path /socket.io/?EIO=4&transport=websocket")
        talk.finish()
        #expect(talk.findings.isEmpty)
    }

    @Test("namespaces, refusals and binary events")
    func binary() {
        var talk = Talk(target: SocketIOTests.target)
        talk.client(#"40/admin,{"token":"123"}"#)
        talk.server(#"44/admin,{"message":"Not authorized"}"#)
        talk.server(#"452-["baz",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#)
        talk.server([1, 2, 3])
        talk.server([4])
        talk.client(#"42/chat,7["x"]"#)
        talk.server(#"461-/chat,7[{"_placeholder":true,"num":0}]"#)
        talk.server([0])
        #expect(
            talk.lines == [
                "connect", "connect_error !Not authorized <-1", "binary_event baz", "attachment baz", "attachment baz",
                "event x 7", "binary_ack x 7 <-6", "attachment x",
            ])
        #expect(talk.secrets == [#"{"token":"123"}"#])
        #expect(talk.items[3].summary == "attachment of baz 3 B")
        #expect(talk.items[1].summary == #"connect_error /admin {"message":"Not authorized"}"#)
        #expect(talk.findings == ["application-error 2"])
    }

    @Test("of version 3 the client pings, and binary messages begin with their type")
    func old() {
        var talk = Talk(target: "/socket.io/?EIO=3&transport=websocket")
        talk.server("40")
        talk.client("2")
        talk.server("3")
        talk.server(#"451-["img",{"_placeholder":true,"num":0}]"#)
        talk.server([4, 0xFF])
        talk.server([0xFF])
        #expect(talk.lines == ["connect", "ping ♥", "pong <-2 ♥", "binary_event img", "attachment img"])
        #expect(talk.findings == ["application-malformed 6"])
    }

    @Test("packets of its MessagePack parser")
    func messagePack() {
        var talk = Talk(target: SocketIOTests.target)
        // {"type":2,"nsp":"/","data":["hello",1],"id":3}
        talk.client([
            0x84, 0xA4, 0x74, 0x79, 0x70, 0x65, 2, 0xA3, 0x6E, 0x73, 0x70, 0xA1, 0x2F, 0xA4, 0x64, 0x61, 0x74, 0x61,
            0x92, 0xA5,
            0x68, 0x65, 0x6C, 0x6C, 0x6F, 1, 0xA2, 0x69, 0x64, 3,
        ])
        #expect(talk.lines == ["event hello 3"])
    }

    @Test("the open packet alone says it, other digits do not")
    func recognition() {
        var talk = Talk()
        talk.server("0")
        talk.server(#"0{"sid":"x"}"#)
        #expect(talk.conversation.recognition == nil && talk.items.isEmpty)
        talk.server(#"0{"sid":"x","pingInterval":1000,"pingTimeout":500}"#)
        #expect(talk.conversation.recognition?.protocol == .socketIO)
    }

    @Test("who is silent for longer than interval and timeout has missed its heartbeat")
    func heartbeat() {
        var talk = Talk(target: SocketIOTests.target)
        talk.server(#"0{"sid":"x","pingInterval":1000,"pingTimeout":500}"#)
        talk.client("40")
        talk.server(#"40{"sid":"y"}"#)
        talk.server("2", after: 1)
        talk.client("3", after: 1.7)
        talk.finish()
        #expect(talk.findings == ["application-heartbeat-missed 2", "application-heartbeat-missed 4"])
        #expect(talk.output.findings.map(\.sender) == [.client, .server])
        #expect(
            talk.details.first
                == "the client was silent for 1.7 s, with at most 500 ms allowed (pingTimeout after a ping)")
    }

    @Test("who is not pinged has nothing to answer", arguments: ["4", "3"])
    func notPinged(version: String) {
        var talk = Talk(target: "/socket.io/?EIO=\(version)&transport=websocket")
        talk.server(#"0{"sid":"x","pingInterval":1000,"pingTimeout":500}"#)
        talk.client("40")
        talk.server(#"40{"sid":"y"}"#)
        if version == "4" { talk.server("2", after: 10) } else { talk.client("2", after: 10) }
        if version == "4" { talk.client("3") } else { talk.server("3") }
        #expect(talk.output.findings.map(\.sender) == [version == "4" ? .server : .client])
    }

    @Test("an ack that does not come is a finding")
    func unanswered() {
        var talk = Talk(target: SocketIOTests.target)
        talk.server(#"421["question"]"#)
        talk.client(#"421["other"]"#)
        talk.server("431[]")
        talk.server(#"42/crew,1["question"]"#)
        talk.finish(after: 2)
        #expect(talk.findings == ["application-unanswered 1", "application-unanswered 4"])
        #expect(
            talk.details == [
                "the client never answered event question id 1, for 2.03 s",
                "the client never answered event question id /crew 1, for 2 s",
            ])
    }

    @Test(
        "values are shown as they are meant, however they are written",
        arguments: [
            (
                #"42["a",1.50,1e2,"q\"x",-0,{"k" : [ ]},true,null,12,13]"#,
                #"event a 1.5 100.0 "q"x" 0 {"k":[]} true null 12"#
            ),
            (#"42["a",{"k":1,"l":"x"}]"#, #"event a {"k":1,"l":"x"}"#),
            (#"42[ "a" , { "k" : 1 } ]"#, #"event a {"k":1}"#),
            ("42[\"a\",[[[[[[[1]]]]]]]]", "event a [[[[[[[]]]]]]]"), ("42[1.50]", "event 1.5"),
            ("42[\"a\",12345678901234567890]", "event a 1.2345678901234567e+19"),
            ("42/n,7[\"a\"]", "event /n a ack 7"),
        ])
    func shown(text: String, line: String) {
        var talk = Talk(target: SocketIOTests.target)
        talk.client(text)
        #expect(talk.summaries == [line])
    }

    @Test(
        "what is no packet is said to be malformed",
        arguments: ["", "9", "4", "4x", "42{", "45[\"x\"]", "42[]", "43[]", "42{}"])
    func malformed(text: String) {
        var talk = Talk(target: SocketIOTests.target)
        talk.client("40")
        talk.client(text)
        #expect(talk.findings == ["application-malformed 2"])
    }
}
