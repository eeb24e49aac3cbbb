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

    @Test(
        "extensions have names without their parameters",
        arguments: [
            ([], []), (["permessage-deflate"], ["permessage-deflate"]),
            (["permessage-deflate; client_max_window_bits=10", "x ;y"], ["permessage-deflate", "x"]),
            (["a; b=\"c;d\""], ["a"]),
        ] as [([String], [String])])
    func names(elements: [String], names: [String]) {
        #expect(ExtensionList.names(elements) == names)
    }

    @Test(
        "extensions in force may set their reserved bits; one that is not known may set all",
        arguments: [
            ([], 0), (["permessage-deflate"], 4), (["x-webkit-deflate-frame"], 4), (["unknown"], 7),
            (["permessage-deflate", "unknown"], 7), (["unknown", "permessage-deflate"], 7),
        ] as [([String], UInt8)])
    func reservedBits(names: [String], bits: UInt8) {
        #expect(ExtensionList.reservedBits(names) == bits)
    }

    @Test("each sender's peer is the other")
    func peers() {
        #expect(Sender.client.peer == .server && Sender.server.peer == .client)
    }
}
