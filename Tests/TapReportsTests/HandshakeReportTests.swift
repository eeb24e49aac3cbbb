import TapAnalysis
import TapReports
import TapWebSocket
import Testing

@Suite("The report of verify")
struct HandshakeReportTests {
    private func lines(_ script: Script, width: Int = 120) -> [String] {
        script.text(of: HandshakeReport(width: width)).split(separator: "\n").map(String.init)
    }

    @Test("handshakes come first, then frames by connection and side, then unclean ends, then totals")
    func report() {
        var script = Script()
        script.handshake()
        script.frame(.client, 0x81, [0x41], violations: [Script.unmasked])
        script.handshake(.invalid, on: 2, violations: [Script.wrongAccept])
        script.frame(.server, 0x8B, [], on: 2, violations: [Violation(.frameReservedOpcode, "opcode 11 is reserved")])
        script.frame(.client, 0x81, [0x41], violations: [Script.unmasked])
        script.finding(Violation(.captureBytesMissing, "9 bytes are missing"), by: .server)
        script.close(code: 1_000)
        script.close(on: 2, hasFrame: false, initiator: .server, isClean: false, by: .rst) {
            $0.idleTime = 60_020_000_000
        }
        #expect(
            script.text(of: HandshakeReport()) == """
                ✗ invalid       #2   127.0.0.1:51235 → 127.0.0.1:8080  localhost:8080/chat
                      ✓ GET  ✓ HTTP/1.1  ✓ Host localhost:8080  ✓ Upgrade  ✓ Connection  ✓ key  ✓ version 13  ✓ no subprotocol
                      ✓ no extension  ✓ form  ✓ waited
                      → ✓ 101  ✓ Upgrade  ✓ Connection  ✗ accept  ✓ no subprotocol  ✓ no extension  ✓ form
                      ✗ error response-accept-wrong  the Sec-WebSocket-Accept does not match the key (RFC 6455 §4.1)
                        expected  s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
                        found     AAAAAAAAAAAAAAAAAAAAAAAAAAA=
                ✓ valid         #1   127.0.0.1:51234 → 127.0.0.1:8080  localhost:8080/chat

                #1    client →  ✗ error frame-client-unmasked  the client sent a frame without a mask
                                  (RFC 6455 §5.1) · 2 times, first frame 1, packet 2
                      capture   i note capture-bytes-missing  9 bytes are missing (RFC 9293 §3.4) · from the server, packet 5

                #2    ← server  ✗ error frame-reserved-opcode  opcode 11 is reserved (RFC 6455 §5.2) · frame 1, packet 4

                #2    ! reset by the server without a close frame · after 60 s idle · applications see 1006

                2 handshakes · ✓ 1 valid · ✗ 1 invalid · 3 frames · ✗ 4 errors · i 1 note

                """)
    }

    @Test("a capture without fault says so")
    func nothingFound() {
        var script = Script()
        script.handshake()
        script.close(code: 1_000)
        let shown = script.text(of: HandshakeReport())
        #expect(
            shown == """
                ✓ valid         #1   127.0.0.1:51234 → 127.0.0.1:8080  localhost:8080/chat

                1 handshake · ✓ 1 valid · 0 frames · nothing found

                """)
        let all = script.text(of: HandshakeReport(showsAllRules: true))
        #expect(all.hasSuffix("✓ form\n\n1 handshake · ✓ 1 valid · 0 frames · nothing found\n"))
    }

    @Test("a capture without handshakes says so")
    func empty() {
        var script = Script()
        #expect(
            script.text(of: HandshakeReport())
                == "0 handshakes · 0 frames · no WebSocket connection in 0 packets and 0 TCP connections\n")
        script.summary.otherPackets[.udp] = 1
        #expect(script.text(of: HandshakeReport()).hasSuffix("\nunread      ! 1 packet is not TCP (1 udp)\n"))
    }

    @Test("a rule that is broken without a comparison of its own gets one, unless the sentence says it all")
    func comparison() {
        var script = Script()
        let method = Violation(.requestMethod, by: .client, "the method is POST")
        script.handshake(.invalid, violations: [method])
        #expect(
            Array(lines(script)[4...6]) == [
                "      ✗ error request-method  the method is POST (RFC 6455 §4.1)",
                "        expected  GET", "        found     GET",
            ])
    }

    @Test("what cannot be checked is marked as that")
    func unchecked() {
        var script = Script()
        script.handshake(
            .refused, response: Script.response(404, "Not Found"),
            violations: [Violation(.handshakeRefused, by: .server, "the server answered 404 Not Found")])
        script.handshake(
            .unanswered, on: 2, response: nil,
            violations: [Violation(.handshakeUnanswered, "no response to the request was captured")])
        script.handshake(.unverifiable, on: 3, request: nil)
        script.handshake(.midstream, on: 4, request: nil, response: nil)
        let shown = lines(script)
        #expect(shown[2].hasSuffix("✓ form  – waited"))
        #expect(shown[3] == "      → ✗ 404 Not Found  – Upgrade, Connection, accept, subprotocol, extensions, form")
        #expect(shown[4] == "      i note handshake-refused  the server answered 404 Not Found (RFC 6455 §4.2.2)")
        #expect(shown[8] == "      → ✗ no answer")
        #expect(
            shown[11...12] == [
                "      – not captured",
                "      → ✓ 101  ✓ Upgrade  ✓ Connection  – accept  ✓ no subprotocol  ✓ no extension  ✓ form",
            ])
        #expect(shown[13].hasPrefix("~ midstream"))
        #expect(shown[14].hasPrefix("4 handshakes"))
    }

    @Test("data before the answer is told with its handshake, and only there")
    func early() {
        var script = Script()
        script.handshake()
        script.finding(Violation(.handshakeDataEarly, "the client sent data"), by: .client)
        let shown = lines(script)
        #expect(shown[2].hasSuffix("✗ did not wait"))
        #expect(shown.count(where: { $0.contains("handshake-data-early") }) == 1)
    }

    @Test("handshakes stand in the order of what is wrong with them")
    func worstFirst() {
        var script = Script()
        script.handshake(on: 1)
        script.handshake(.midstream, on: 2, request: nil, response: nil)
        script.handshake(.refused, on: 3, response: Script.response(404, "Not Found"))
        script.handshake(.invalid, on: 4, violations: [Script.wrongAccept])
        script.handshake(on: 5)
        let numbers = lines(script).compactMap { line in
            line.dropFirst(16).hasPrefix("#") ? line.dropFirst(17).prefix { $0.isNumber } : nil
        }
        #expect(numbers == ["4", "3", "2", "1", "5"])
    }

    @Test("what is equal in many connections but for how long it took is said once")
    func folded() {
        var script = Script()
        for (number, time) in [(1, "4.78"), (2, "4.75"), (3, "4.75"), (5, "4.75"), (6, "4.75")] {
            script.handshake(on: number)
            let detail = "the server sent FIN after \(time) s without traffic, and neither side a close frame"
            script.finding(Violation(.closeMissing, by: .server, detail), on: number, by: .server)
            script.close(on: number, hasFrame: false, initiator: .server, isClean: false, by: .fin)
        }
        for number in 7...8 {
            script.handshake(on: number)
            script.close(on: number, hasFrame: false, initiator: .client, isClean: false, by: .rst) {
                $0.idleTime = Int64(number) * 1_000_000_000
            }
        }
        let shown = lines(script).drop { $0.hasPrefix("✓") }
        #expect(
            Array(shown.prefix(5)) == [
                "#1–#3, #5, #6",
                "      ← server  ! warning close-missing  the server sent FIN after 4.78 s without traffic, and neither side a close",
                "                  frame (RFC 6455 §7.1.1) · first #1, packet 1",
                "#7, #8",
                "      ! reset by the client without a close frame · after 7 s idle · applications see 1006 · as #7",
            ])
    }

    @Test("connections that were cut after the same time are told in a sentence", arguments: [true, false])
    func pattern(isShownByVerify: Bool) {
        var script = Script()
        script.handshake()
        let sentence = "3 of 4 connections that were cut had been idle for 60 s: a proxy timeout?"
        script.summary.cuts = Script.cuts(idleSeconds: [60, 60, 60, 5])
        let text = isShownByVerify ? script.text(of: HandshakeReport()) : script.text(of: TableReport())
        #expect(text.contains(isShownByVerify ? "\n! \(sentence)\n" : "pattern     ! \(sentence)\n"))
    }
}
