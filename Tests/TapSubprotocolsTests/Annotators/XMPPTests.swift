import TapSubprotocols
import Testing

@Suite("XMPP over WebSocket")
struct XMPPTests {
    /// RFC 7395 §3.4 and on, and stanzas of RFC 6120.
    @Test("a session")
    func session() {
        var talk = Talk("xmpp")
        talk.client(#"<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="example.com" version="1.0" />"#)
        talk.server(
            #"<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" from="example.com" id="++TR84" xml:lang="en"/>"#)
        talk.server(
            #"<stream:features xmlns:stream="http://etherx.jabber.org/streams"><bind xmlns="b"/></stream:features>"#)
        talk.client(#"<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">AGp1bGlldA==</auth>"#)
        talk.server(#"<failure xmlns="urn:ietf:params:xml:ns:xmpp-sasl"><not-authorized/></failure>"#)
        talk.client(
            #"<iq type='get' id='4' to='example.com'><query xmlns="http://jabber.org/protocol/disco#info" node="a>b"/></iq>"#
        )
        talk.server(#"<iq type="result" id="4" from="example.com"><query xmlns="x"/></iq>"#)
        talk.client(#"<iq type="set" id="5"><bind xmlns="b"/></iq>"#)
        talk.server(
            #"<iq type="error" id="5"><error type="cancel"><not-allowed xmlns="s"/><text>no</text></error></iq>"#)
        talk.client(#"<message to="b@x" type="chat"><body>&lt;hi&gt; <![CDATA[<x>]]></body></message>"#)
        talk.client(#"<presence/>"#)
        talk.client(#"<close xmlns="urn:ietf:params:xml:ns:xmpp-framing"/>"#)
        #expect(
            talk.lines == [
                "open example.com", "open example.com ++TR84 <-1", "features", "auth PLAIN",
                "failure not-authorized !not-authorized",
                "iq get 4", "iq result 4 <-6", "iq set 5", "iq error 5 !not-allowed <-8", "message chat", "presence",
                "close",
            ])
        #expect(talk.summaries[5] == "iq get query id 4")
        #expect(talk.summaries[8] == "iq error not-allowed id 5")
        #expect(talk.summaries[9] == "message chat to b@x")
        #expect(talk.secrets == ["AGp1bGlldA=="])
        #expect(talk.items[5].fields.last?.value == "http://jabber.org/protocol/disco#info")
        #expect(talk.findings == ["application-error 5", "application-error 9"])
        #expect(talk.details == ["not-authorized", "error not-allowed"])
    }

    @Test("credentials of the newer profile of SASL are known")
    func newer() {
        var talk = Talk("xmpp")
        talk.client(
            #"<authenticate xmlns="urn:xmpp:sasl:2" mechanism="PLAIN"><initial-response>AGEAYg==</initial-response></authenticate>"#
        )
        #expect(talk.secrets == ["<initial-response>AGEAYg==</initial-response>"])
        #expect(talk.findings.isEmpty)
    }

    @Test("an iq that is not answered is a finding, a message is none")
    func unanswered() {
        var talk = Talk("xmpp")
        talk.client(#"<iq type="get" id="1"/>"#)
        talk.client(#"<message id="2"/>"#)
        talk.finish(after: 5)
        #expect(talk.findings == ["application-unanswered 1"])
    }

    @Test("it is told by its framing alone")
    func recognition() {
        var talk = Talk()
        talk.client("<open/>")
        talk.client("<iq type='get' id='1'/>")
        #expect(talk.conversation.recognition == nil && talk.items.isEmpty)
        talk.client(#"<open xmlns="urn:ietf:params:xml:ns:xmpp-framing"/>"#)
        #expect(talk.conversation.recognition?.protocol == .xmpp)
    }

    @Test(
        "what is no element is said to be malformed",
        arguments: [
            "", "x", "<", "<a", "<a>", "</a>", "<a></b>", "<a/><b/>", "<a b></a>", "<a b='></a>", "<!-- x -->",
            "<?xml?>",
            "<a><![CDATA[", "<1/>", "<a/>x", "x<a/>", "<a <b/>", "<>",
        ])
    func malformed(text: String) {
        var talk = Talk("xmpp")
        talk.client(text)
        #expect(talk.findings == ["application-malformed 1"])
    }

    @Test("depth is bounded")
    func deep() {
        var talk = Talk("xmpp")
        talk.client(String(repeating: "<a>", count: 100_000))
        #expect(talk.findings == ["application-malformed 1"])
    }
}
