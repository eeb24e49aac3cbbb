import TapTestSupport
import TapWebSocket
import Testing

@Suite("Negotiation")
struct NegotiationTests {
    @Test("the accept value of RFC 6455 §1.3 is computed")
    func accept() {
        #expect(AcceptKey.expected(for: "dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(AcceptKey.expected(for: "x3JJHMbDL1EzLkh9GBhXDw==") == "HSmrc0sMlYUkAGmm5OPpG2HaGWk=")
    }

    @Test("each sender's peer is the other")
    func peers() {
        #expect(Sender.client.peer == .server && Sender.server.peer == .client)
    }
}
