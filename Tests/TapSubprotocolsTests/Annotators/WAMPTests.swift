import TapSubprotocols
import Testing

@Suite("WAMP")
struct WAMPTests {
    /// The examples of https://wamp-proto.org/wamp_latest_ietf.html
    @Test("in JSON")
    func json() {
        var talk = Talk("wamp.2.json")
        talk.client(#"[1,"somerealm",{"roles":{"caller":{}}}]"#)
        talk.server(#"[2,9129137332,{"roles":{"broker":{}}}]"#)
        talk.client(#"[32,713845233,{},"com.myapp.mytopic1"]"#)
        talk.server("[33,713845233,5512315355]")
        talk.server(#"[36,5512315355,4429313566,{},["Hello, world!"]]"#)
        talk.client(#"[48,7814135,{},"com.myapp.user.new",["johnny"],{"firstname":"John"}]"#)
        talk.server(#"[50,7814135,{"progress":true},["a"]]"#)
        talk.server(#"[50,7814135,{},[],{"userid":123}]"#)
        talk.client(#"[16,239714735,{"acknowledge":true},"com.myapp.mytopic1",[],{}]"#)
        talk.server(#"[8,16,239714735,{},"wamp.error.not_authorized"]"#)
        talk.client(#"[34,85346237,5512315355]"#)
        talk.server("[35,85346237]")
        talk.client(#"[64,25349185,{},"com.myapp.myprocedure1"]"#)
        talk.server("[65,25349185,2103333224]")
        talk.server("[68,6131533,2103333224,{},[7]]")
        talk.client("[70,6131533,{},[8]]")
        talk.client(#"[16,1,{},"com.myapp.x",[]]"#)
        talk.client(#"[6,{"message":"bye"},"wamp.close.close_realm"]"#)
        #expect(
            talk.lines == [
                "HELLO somerealm", "WELCOME 9129137332 <-1", "SUBSCRIBE com.myapp.mytopic1 713845233",
                "SUBSCRIBED com.myapp.mytopic1 713845233 <-3", "EVENT com.myapp.mytopic1",
                "CALL com.myapp.user.new 7814135",
                "RESULT com.myapp.user.new 7814135 <-6", "RESULT com.myapp.user.new 7814135 <-6",
                "PUBLISH com.myapp.mytopic1 239714735",
                "ERROR com.myapp.mytopic1 239714735 !wamp.error.not_authorized <-9",
                "UNSUBSCRIBE com.myapp.mytopic1 85346237", "UNSUBSCRIBED com.myapp.mytopic1 85346237 <-11",
                "REGISTER com.myapp.myprocedure1 25349185", "REGISTERED com.myapp.myprocedure1 25349185 <-13",
                "INVOCATION com.myapp.myprocedure1 6131533", "YIELD com.myapp.myprocedure1 6131533 <-15",
                "PUBLISH com.myapp.x 1", "GOODBYE wamp.close.close_realm",
            ])
        #expect(talk.summaries[5] == #"CALL com.myapp.user.new req 7814135 ["johnny"] {"firstname":"John"}"#)
        #expect(talk.summaries[6] == #"RESULT com.myapp.user.new req 7814135 ["a"]"#)
        talk.finish(after: 9)
        #expect(talk.findings == ["application-error 10"])
    }

    @Test("in MessagePack and CBOR, and in batches")
    func encodings() {
        var talk = Talk("wamp.2.msgpack")
        talk.client([0x94, 0x30, 0x07, 0x80, 0xA3, 0x63, 0x2E, 0x78])
        talk.server([0x93, 0x32, 0x07, 0x80])
        #expect(talk.lines == ["CALL c.x 7", "RESULT c.x 7 <-1"])
        talk = Talk("wamp.2.cbor.batched")
        let call: [UInt8] = [0, 0, 0, 9, 0x84, 0x18, 0x30, 0x07, 0xA0, 0x63, 0x63, 0x2E, 0x78]
        talk.client(call + call)
        #expect(talk.lines == ["CALL c.x 7", "CALL c.x 7"])
        #expect(talk.findings == ["application-duplicate-id 1"])
        talk.client(call.dropLast())
        #expect(talk.findings.last == "application-malformed 2")
        talk = Talk("wamp.2.json.batched")
        talk.client("[48,1,{},\"a.b\"]\u{1E}[48,2,{},\"a.c\"]\u{1E}")
        #expect(talk.lines == ["CALL a.b 1", "CALL a.c 2"])
    }

    @Test("what is no message is said to be malformed", arguments: ["", "[]", "{}", "[\"a\"]", "[99,1]", "[8]", "x"])
    func malformed(text: String) {
        var talk = Talk("wamp.2.json")
        talk.client(text)
        #expect(talk.findings == ["application-malformed 1"])
    }
}
