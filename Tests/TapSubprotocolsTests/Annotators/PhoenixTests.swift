import TapSubprotocols
import Testing

@Suite("Phoenix channels")
struct PhoenixTests {
    private static let target = "/socket/websocket?vsn=2.0.0"

    /// https://hexdocs.pm/phoenix/writing_a_channels_client.html
    @Test("version 2 of the serializer")
    func arrays() {
        var talk = Talk(target: PhoenixTests.target)
        talk.client(#"["1","1","room:lobby","phx_join",{"access_token":"t"}]"#)
        talk.server(#"["1","1","room:lobby","phx_reply",{"status":"ok","response":{}}]"#)
        talk.client(#"[null,"2","phoenix","heartbeat",{}]"#)
        talk.server(#"[null,"2","phoenix","phx_reply",{"status":"ok","response":{}}]"#)
        talk.client(#"["1","3","room:lobby","shout",{"body":"x"}]"#)
        talk.server(#"["1","3","room:lobby","phx_reply",{"status":"error","response":{"reason":"unmatched topic"}}]"#)
        talk.server(#"["1",null,"room:lobby","new_msg",{"body":"x"}]"#)
        #expect(
            talk.lines == [
                "phx_join room:lobby 1", "phx_reply room:lobby 1 <-1", "heartbeat phoenix 2 ♥",
                "phx_reply phoenix 2 <-3 ♥",
                "shout room:lobby 3", "phx_reply room:lobby 3 !unmatched topic <-5", "new_msg room:lobby",
            ])
        #expect(talk.secrets == [#""t""#])
        #expect(talk.summaries[0] == "phx_join room:lobby ref 1")
        #expect(talk.summaries[1] == "phx_reply room:lobby ref 1 ok {}")
        #expect(talk.findings == ["application-error 6"])
    }

    @Test("version 1, as Supabase has it, told by the messages")
    func objects() {
        var talk = Talk()
        talk.client(#"{"topic":"realtime:public","event":"phx_join","payload":{},"ref":"1"}"#)
        talk.server(
            #"{"topic":"realtime:public","event":"phx_reply","payload":{"status":"ok","response":{}},"ref":"1"}"#)
        #expect(talk.lines == ["phx_join realtime:public 1", "phx_reply realtime:public 1 <-1"])
        #expect(
            talk.conversation.recognition?.description
                == "phoenix, by message 1: phx_join with topic, reference and payload")
    }

    @Test("binary messages")
    func binary() {
        var talk = Talk(target: PhoenixTests.target)
        talk.client([0, 1, 1, 3, 2] + Array("12a:bup".utf8) + [9, 9, 9])
        talk.server([1, 1, 1, 3, 2] + Array("12a:bok".utf8) + [7])
        talk.server([2, 3, 1] + Array("a:bx".utf8) + [7, 7])
        talk.server([0, 1, 3, 1] + Array("1a:by".utf8))
        #expect(talk.lines == ["up a:b 2", "phx_reply a:b 2 <-1", "x a:b", "y a:b"])
        #expect(talk.summaries[0] == "up a:b ref 2 3 B")
    }

    @Test("only what a server owes a reply to may be unanswered")
    func unanswered() {
        var talk = Talk(target: PhoenixTests.target)
        talk.client(#"["1","1","room:lobby","phx_join",{}]"#)
        talk.client(#"["1","2","room:lobby","shout",{}]"#)
        talk.finish(after: 5)
        #expect(talk.findings == ["application-unanswered 1"])
    }

    @Test(
        "other arrays and objects are none",
        arguments: [
            #"[1,2,3,4,5]"#, #"["1","2","a","b",{}]"#, #"{"topic":"a","event":"b","payload":{}}"#,
            #"[null,"7","other","heartbeat",{}]"#,
        ])
    func notRecognized(text: String) {
        var talk = Talk()
        talk.client(text)
        #expect(talk.conversation.recognition == nil)
    }
}
