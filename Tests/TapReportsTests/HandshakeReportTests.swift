import TapReports
import TapWebSocket
import Testing

@Suite("The report of verify")
struct HandshakeReportTests {
    @Test("handshakes come first, then what is wrong with frames by connection and side, then totals")
    func report() {
        var script = Script()
        script.handshake()
        script.frame(.client, 0x81, [0x41], violations: [Script.unmasked])
        script.handshake(.invalid, on: 2, violations: [Script.wrongAccept])
        script.frame(.server, 0x8B, [], on: 2, violations: [Violation(.frameReservedOpcode, "opcode 11 is reserved")])
        script.frame(.client, 0x81, [0x41], violations: [Script.unmasked])
        #expect(
            script.text(of: HandshakeReport()) == """
                ✓ valid         #1   127.0.0.1:51234 → 127.0.0.1:8080  localhost:8080/chat
                ✗ invalid       #2   127.0.0.1:51235 → 127.0.0.1:8080  localhost:8080/chat
                      ✗ error response-accept-wrong  the Sec-WebSocket-Accept does not match the key (RFC 6455 §4.1)
                        expected  s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
                        found     AAAAAAAAAAAAAAAAAAAAAAAAAAA=

                #1    client →  ✗ error frame-client-unmasked  the client sent a frame without a mask (RFC 6455 §5.1)
                                  · 2 times, first frame 1, packet 2

                #2    ← server  ✗ error frame-reserved-opcode  opcode 11 is reserved (RFC 6455 §5.2) · frame 1, packet 4

                2 handshakes · ✓ 1 valid · ✗ 1 invalid · 3 frames · ✗ 4 errors

                """)
    }

    @Test("a capture without fault says so")
    func nothingFound() {
        var script = Script()
        script.handshake()
        let shown = script.text(of: HandshakeReport())
        #expect(shown.hasSuffix("\n\n1 handshake · ✓ 1 valid · 0 frames · nothing found\n"))
    }

    @Test("a capture without handshakes says so")
    func empty() {
        #expect(Script().text(of: HandshakeReport()) == "0 handshakes · 0 frames · nothing found\n")
    }
}
