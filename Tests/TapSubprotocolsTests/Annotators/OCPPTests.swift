import TapSubprotocols
import TapWebSocket
import Testing

@Suite("OCPP")
struct OCPPTests {
    /// OCPP-J 1.6 §4.2.
    @Test("the specification's examples", arguments: ["ocpp1.6", "ocpp2.0.1", "ocpp2.1"])
    func examples(subprotocol: String) {
        var talk = Talk(subprotocol)
        talk.client(
            #"[2,"19223201","BootNotification",{"chargePointVendor":"VendorX", "chargePointModel":"SingleSocketCharger"}]"#
        )
        talk.server(
            #"[3,"19223201",{"status":"Accepted", "currentTime":"2013-02-01T20:53:32.486Z", "heartbeatInterval":300}]"#)
        talk.server(#"[2,"x","Reset",{"type":"Hard"}]"#)
        talk.client(#"[4,"x","NotSupported","no reset",{}]"#)
        #expect(
            talk.lines == [
                "CALL BootNotification 19223201", "CALLRESULT BootNotification 19223201 <-1", "CALL Reset x",
                "CALLERROR Reset x !NotSupported <-3",
            ])
        #expect(
            talk.summaries[0]
                == #"CALL BootNotification {"chargePointVendor":"VendorX","chargePointModel":"SingleSocketCharger"}"#)
        #expect(talk.summaries[1].hasPrefix("CALLRESULT BootNotification Accepted {"))
        #expect(talk.summaries[3] == "CALLERROR Reset NotSupported no reset {}")
        #expect(talk.findings == ["application-error 4"])
        #expect(talk.conversation.recognition?.evidence == .subprotocol(subprotocol))
    }

    @Test("what 2.1 adds")
    func added() {
        var talk = Talk("ocpp2.1")
        talk.client(#"[6,"1","NotifyPeriodicEventStream",{"id":1}]"#)
        talk.client(#"[5,"2","FormatViolation","",{}]"#)
        #expect(talk.lines == ["SEND NotifyPeriodicEventStream 1", "CALLRESULTERROR 2 !FormatViolation"])
        talk.finish(after: 9)
        #expect(talk.findings == ["application-error 2"])
    }

    @Test("a station that is silent for twice its interval has missed its heartbeat")
    func heartbeat() {
        var talk = Talk("ocpp1.6")
        talk.client(#"[2,"1","BootNotification",{}]"#)
        talk.server(#"[3,"1",{"status":"Accepted","interval":10}]"#)
        talk.client(#"[2,"2","Heartbeat",{}]"#, after: 15)
        talk.server(#"[3,"2",{}]"#)
        talk.client(#"[2,"3","Heartbeat",{}]"#, after: 25)
        talk.server(#"[3,"3",{}]"#)
        talk.finish()
        #expect(talk.findings == ["application-heartbeat-missed 3"])
    }

    @Test("it is told by a call that stations begin with, and by no other array")
    func recognition() {
        for text in [#"[2,"1","Hello",{}]"#, #"[2,1,"Heartbeat",{}]"#, #"[2,"1","Heartbeat"]"#, "[2]"] {
            var talk = Talk()
            talk.client(text)
            #expect(talk.conversation.recognition == nil, "\(text)")
        }
        var talk = Talk()
        talk.client(#"[2,"1","Heartbeat",{}]"#)
        #expect(talk.conversation.recognition?.protocol == .ocpp)
    }

    @Test(
        "what is no call and no answer is said to be malformed",
        arguments: [
            "{}", "[2]", #"[2,"1"]"#, #"[3,"1"]"#, #"[4,"1"]"#, #"[7,"1"]"#, #"[2,1,"a",{}]"#, #"[2,"1",1,{}]"#, "x",
        ])
    func malformed(text: String) {
        var talk = Talk("ocpp1.6")
        talk.client(text)
        #expect(talk.findings == ["application-malformed 1"])
    }
}
