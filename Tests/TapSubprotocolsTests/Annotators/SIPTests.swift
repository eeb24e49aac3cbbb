import TapSubprotocols
import Testing

@Suite("SIP over WebSocket")
struct SIPTests {
    private func request(_ method: String, _ sequence: Int, _ more: String = "") -> String {
        "\(method) sip:example.com SIP/2.0\r\nVia: SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bK\(sequence);rport\r\n"
            + "Call-ID: aiuy7k9njasd\r\nCSeq: \(sequence) \(method)\r\n\(more)\r\n"
    }

    private func answer(_ status: String, _ method: String, _ sequence: Int) -> String {
        "SIP/2.0 \(status)\r\nv: SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bK\(sequence)\r\n"
            + "i: aiuy7k9njasd\r\nCSeq: \(sequence) \(method)\r\n\r\n"
    }

    /// RFC 7118 §8, shortened.
    @Test("a registration and a call")
    func session() {
        var talk = Talk("sip")
        talk.client(request("REGISTER", 1))
        talk.server(answer("401 Unauthorized", "REGISTER", 1))
        talk.client(request("REGISTER", 2, "Authorization: Digest username=\"alice\"\r\n"))
        talk.server(answer("200 OK", "REGISTER", 2))
        talk.client(request("INVITE", 3))
        talk.server(answer("100 Trying", "INVITE", 3))
        talk.server(answer("180 Ringing", "INVITE", 3))
        talk.server(answer("486 Busy Here", "INVITE", 3), after: 2)
        talk.client(request("ACK", 3))
        talk.client("\r\n\r\n")
        talk.server("\r\n")
        #expect(
            talk.lines == [
                "REGISTER sip:example.com 1", "401 Unauthorized 1 <-1", "REGISTER sip:example.com 2", "200 OK 2 <-3",
                "INVITE sip:example.com 3", "100 Trying 3 <-5", "180 Ringing 3 <-5", "486 Busy Here 3 !486 <-5",
                "ACK sip:example.com 3", "keep-alive ♥", "keep-alive ♥",
            ])
        #expect(talk.summaries[7] == "486 Busy Here to INVITE CSeq 3")
        #expect(talk.secrets == ["Digest username=\"alice\""])
        talk.finish(after: 9)
        #expect(talk.findings == ["application-error 8"])
    }

    @Test("it is told by a whole head")
    func recognition() {
        var talk = Talk()
        talk.client(request("REGISTER", 1))
        #expect(talk.conversation.recognition?.description == "sip, by message 1: a whole head of SIP/2.0")
        for text in [
            "INVITE me", "GET / HTTP/1.1\r\nCSeq: 1 GET\r\n\r\n", "SIP/2.0 200 OK\r\n", "OPTIONS * SIP/2.0\r\n\r\n",
        ] {
            talk = Talk()
            talk.client(text)
            #expect(talk.conversation.recognition == nil)
        }
    }

    @Test(
        "what is no message is said to be malformed",
        arguments: [
            "", "x", "SIP/2.0 20 OK\r\n\r\n", "SIP/2.0 200 OK\r\n\r\n", "REGISTER a SIP/2.0\r\nno colon\r\n\r\n",
        ])
    func malformed(text: String) {
        var talk = Talk("sip")
        talk.client(text)
        #expect(talk.findings == ["application-malformed 1"])
    }
}
