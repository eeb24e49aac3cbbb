import TapAnalysis
import TapReports
import TapWebSocket

extension Script {
    static let unmasked = Violation(.frameClientUnmasked, "the client sent a frame without a mask")
    static let wrongAccept = Violation(
        .responseAcceptWrong, "expected \(accept), found AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        [
            Evidence("key", .text(key)), Evidence("expected", .text(accept)),
            Evidence("found", .text("AAAAAAAAAAAAAAAAAAAAAAAAAAA=")),
        ])

    /// A chat with everything that can go right and some of what can go wrong, over several connections.
    static var chat: Script {
        var script = Script()
        let offer = [("Sec-WebSocket-Protocol", "chat, superchat"), ("Origin", "http://localhost")]
        let deflate = ("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits")
        script.handshake(
            request: request(fields: offer + [deflate]),
            response: response(fields: [
                ("Sec-WebSocket-Protocol", "chat"), ("Sec-WebSocket-Extensions", "permessage-deflate"),
            ]))
        script.text(.client, "Hello")
        script.text(.server, #"{"type":"welcome","user":{"id":42,"name":"Zoë"},"rooms":["lobby","swift","日本語"]}"#)
        script.handshake(
            .invalid, on: 2, request: request(target: "/feed", fields: [deflate]),
            response: response(accept: "AAAAAAAAAAAAAAAAAAAAAAAAAAA="), violations: [wrongAccept])
        script.frame(.server, 0x02, (0..<40).map { $0 &* 37 }, on: 2, message: 1)
        script.text(.client, "a line\nand another\twith \u{1B}[31mred\u{1B}[0m and \u{202E}reversed 🎉 text")
        script.frame(.server, 0x00, Array("the middle of a message".utf8), on: 2, message: 1)
        script.frame(.server, 0x80, Array(", and its end".utf8), on: 2, message: 1)
        script.frame(.client, 0xC1, [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], message: 3)
        script.frame(.client, 0x89, Array("are you there?".utf8))
        script.frame(.server, 0x8A, Array("are you there?".utf8))
        script.handshake(
            .refused, on: 3, request: request(target: "/admin"), response: response(403, "Forbidden"),
            violations: [
                Violation(
                    .handshakeRefused, "the server answered 403 Forbidden", [Evidence("status", .number(403))])
            ])
        script.frame(.client, 0x81, Array("no mask".utf8), on: 2, message: 2, violations: [unmasked])
        script.handshake(.midstream, on: 4, request: nil, response: nil)
        script.frame(.client, 0x82, Array(repeating: 0xAB, count: 120), on: 4, length: 4_096, captured: 120, message: 1)
        script.finding(
            Violation(
                .captureBytesMissing, "3976 bytes are missing",
                [Evidence("bytes", .number(3_976)), Evidence("reason", .text("hole"))]), on: 4, by: .client)
        script.frame(.client, 0x88, closePayload(1_000, "bye"))
        script.frame(.server, 0x88, closePayload(1_000))
        script.handshake(
            .unanswered, on: 5, response: nil,
            violations: [Violation(.handshakeUnanswered, "no response to the request was captured")])
        let reserved = Violation(.frameReservedOpcode, "opcode 11 is reserved")
        script.frame(.server, 0x8B, [1, 2, 3], on: 2, violations: [reserved])
        var client = DirectionStatistics()
        client.frames = 9
        client.payloadBytes = 812
        var server = client
        server.payloadBytes = 10_240
        script.close(code: 1_000, reason: "bye", client: client, server: server)
        server.missingBytes = 120
        script.close(
            on: 2, hasFrame: false, initiator: .server, isClean: false, by: .rst, client: client, server: server)
        client.undecodedBytes = 77
        script.close(on: 4, hasFrame: false, initiator: nil, isClean: false, by: .captureEnd, client: client)
        script.summary.flows = 7
        script.summary.otherPackets[.udp] = 3
        script.summary.otherPackets[.arp] = 2
        return script
    }
}
