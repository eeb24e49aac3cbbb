import TapTestSupport
import TapWebSocket

extension HardCapture {
    static let attacks: [HardCapture] = attacksByFrames + attacksByHeads

    /// A dialogue that goes on after something hostile.
    private static func attack(
        _ name: String, findings: [FindingID] = [], extensions: String? = nil, tsharkDiffers: String? = nil,
        _ strike: (inout Dialogue) -> Void
    ) -> HardCapture {
        var dialogue = Dialogue(
            .upgraded(HandshakeBytes(extensions: extensions, chosenExtensions: extensions)))
        strike(&dialogue)
        return HardCapture(
            .attacks, name, dialogue.segments, frames: dialogue.frames, findings: findings, tsharkDiffers: tsharkDiffers
        )
    }

    private static func flood(_ frames: [FrameBytes], from sender: Sender, _ dialogue: inout Dialogue) {
        dialogue.conversation.send(frames.flatMap { $0.sent(by: sender).bytes }, from: sender)
        for frame in frames { dialogue.note(frame, from: sender) }
    }

    private static let attacksByFrames: [HardCapture] = [
        attack("20,000 empty frames") {
            flood([FrameBytes](repeating: FrameBytes(.binary), count: 20_000), from: .server, &$0)
        },
        attack("5,000 pings that nobody answers") {
            flood((0..<5_000).map { FrameBytes(.ping, bigEndian(UInt32($0))) }, from: .server, &$0)
        },
        attack("a message in 5,000 fragments") {
            let rest = [FrameBytes](repeating: FrameBytes(.continuation, [0x61]).unfinished, count: 4_998)
            flood([FrameBytes(text: "a").unfinished] + rest + [FrameBytes(.continuation, [0x62])], from: .server, &$0)
        },
        attack("empty fragments without end") {
            let rest = [FrameBytes](repeating: FrameBytes(.continuation).unfinished, count: 5_000)
            flood([FrameBytes(.binary).unfinished] + rest, from: .server, &$0)
        },
        attack(
            "3,000 frames that each break a rule",
            findings: [FindingID](repeating: .frameReservedOpcode, count: 100)
        ) {
            // Each is another one, and segments end where frames do: a pattern would be no frames.
            let frames = (0..<3_000).map { FrameBytes(.binary, bigEndian(UInt16($0))).with { $0.opcode = 0xB } }
            flood(frames, from: .server, &$0)
        },
        attack(
            "a text of a byte that no encoding has, 300 times",
            findings: [FindingID](repeating: .messageNotUTF8, count: 100)
        ) {
            flood([FrameBytes](repeating: FrameBytes(.text, [0xFF]), count: 300), from: .server, &$0)
        },
        attack(
            "a frame that inflates a thousand times", findings: [.messageInflateLimited],
            extensions: "permessage-deflate"
        ) {
            let zeros = Deflater().message([UInt8](repeating: 0, count: 4 << 20))
            $0.send(FrameBytes(.binary, zeros).compressed, from: .server)
            $0.close()
        },
        attack("frames inside the payload of a frame") {
            let inner = [FrameBytes(text: "inner"), FrameBytes(closing: 1000)].flatMap(\.bytes)
            $0.send(FrameBytes(.binary, Array((0..<200).map { _ in inner }.joined())), from: .server)
            $0.close()
        },
        attack("a handshake inside the payload of a frame") {
            let heads = HandshakeBytes().request.bytes + HandshakeBytes().response.bytes
            for sender in Sender.allCases {
                $0.send(FrameBytes(text: String(decoding: heads, as: UTF8.self)), from: sender)
            }
            $0.close()
        },
        attack("payload that is a terminal's control sequences") {
            for text in HostileText.all { $0.send(FrameBytes(.binary, text.bytes), from: .client) }
            $0.close()
        },
        attack("a close reason that is a terminal's control sequences") {
            $0.send(FrameBytes(closing: 1000, "\u{1B}]0;title\u{7}\u{202E}"), from: .client)
            $0.send(FrameBytes(closing: 1000), from: .server)
            $0.conversation.finish()
        },
    ]

    private static let attacksByHeads: [HardCapture] = [
        http(
            "10,000 empty lines before the request", before: [(.client, wire(String(repeating: "\n", count: 10_000)))]),
        http(
            "a body in 5,000 chunks of a byte",
            before: [
                (
                    .client,
                    wire(
                        "POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n" + String(repeating: "1\nx\n", count: 5_000)
                            + "0\n\n")
                ),
                (.server, done),
            ]),
        http(
            "5,000 interim answers",
            before: [
                (.client, get), (.server, wire(String(repeating: "HTTP/1.1 100 Continue\n\n", count: 5_000))),
                (.server, done),
            ]),
        http(
            "a request in a body that lies about where it ends",
            before: [
                (.client, wire("POST / HTTP/1.1\nContent-Length: 6\nTransfer-Encoding: chunked\n\n0\n\n")),
                (.server, done),
            ]),
        http(
            "200 wrong names of fields that look like those of an upgrade",
            before: [
                (
                    .client,
                    wire(
                        "GET / HTTP/1.1\n" + String(repeating: "Sec-WebSocket: a\nUpgraded: websocket\n", count: 100)
                            + "\n")
                ),
                (.server, done),
            ]),
    ].map {
        HardCapture(
            .attacks, $0.name, file: $0.file, frames: $0.frames, findings: $0.findings, tsharkDiffers: $0.tsharkDiffers)
    }
}
