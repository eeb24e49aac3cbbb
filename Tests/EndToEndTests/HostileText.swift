import TapCore
import TapTestSupport
import TapWebSocket
import Testing

/// Bytes that do something to a terminal, or hide something from who reads it.
struct HostileText: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let bytes: [UInt8]

    init(_ name: String, _ bytes: [UInt8]) {
        testDescription = name
        self.bytes = bytes
    }

    init(_ name: String, _ text: String) { self.init(name, Array(text.utf8)) }

    static let all = [
        HostileText("a colour", "\u{1B}[31mred\u{1B}[0m"),
        HostileText("the cursor, up a line", "\u{1B}[1A\u{1B}[2Kgone"),
        HostileText("a window's title", "\u{1B}]0;title\u{7}\u{1B}]52;c;AAAA\u{1B}\\"),
        HostileText("a device control string", "\u{1B}P1$rq\u{1B}\\"),
        HostileText("a C1 control as a byte", Array("a".utf8) + [0x9B, 0x33, 0x31, 0x6D]),
        HostileText("C1 controls in UTF-8", "\u{9B}31m\u{9D}0;t\u{9C}\u{90}q\u{85}"),
        HostileText("bells and backspaces", "good\u{8}\u{8}\u{8}\u{8}evil\u{7}\u{7F}"),
        HostileText("a NUL, a form feed, a vertical tab", "a\u{0}b\u{C}c\u{B}d"),
        HostileText("a carriage return", "a\rwstap: all is well"),
        HostileText("shifts to other character sets", "\u{E}qqq\u{F}\u{1B}(0"),
        HostileText("overrides of direction", "\u{202E}txt.exe\u{202C}\u{202D}"),
        HostileText("isolates and marks", "\u{2066}a\u{2067}b\u{2068}c\u{2069}\u{200E}\u{200F}\u{61C}"),
        HostileText("what has no width", "a\u{200B}b\u{200C}c\u{200D}d\u{2060}e\u{2063}f\u{FEFF}"),
        HostileText("separators of lines", "a\u{2028}b\u{2029}c"),
        HostileText("tags", "a\u{E0041}\u{E0042}"),
        HostileText("an overlong escape", [0xC0, 0x9B, 0x5B, 0x41, 0xE0, 0x80, 0x9B, 0xF0, 0x80, 0x80, 0x9B]),
        HostileText("lone surrogates", [0xED, 0xA0, 0x80, 0x61, 0xED, 0xBF, 0xBF]),
        HostileText("many marks on one letter", "a" + String(repeating: "\u{301}", count: 60)),
    ]

    /// A capture with the text wherever a peer may put one.
    var file: [UInt8] {
        var all: [ScriptedSegment] = []
        for isRefused in [false, true] {
            var conversation = Conversation.upgraded(
                from: isRefused ? 50_001 : 50_002, preamble: proxied, request: request, response: response(isRefused))
            if !isRefused { talk(&conversation) }
            all += conversation.segments
        }
        return commented(all.packets())
    }

    private func commented(_ packets: [CapturedPacket]) -> [UInt8] {
        let comment = CaptureBuilder.comment(bytes)
        var file = CaptureBuilder()
        file.section(.little, options: comment)
        file.interface(resolution: 9)
        for packet in packets {
            file.enhancedPacket(
                ticks: UInt64(clamping: packet.header.timestamp.nanoseconds), options: comment,
                as: PacketRecord(packet))
        }
        return file.bytes
    }

    private var proxied: [UInt8] {
        let path = Array((bytes + [UInt8](repeating: 0, count: 108)).prefix(108))
        return ProxyBytes.block(family: 0x31, path + path)
    }

    private func head(_ start: String, _ names: [String]) -> [UInt8] {
        var head = Array(start.utf8)
        for name in names { head += Array("\(name): ".utf8) + bytes + [0x0D, 0x0A] }
        return head + Array("X-".utf8) + bytes + Array(": x\r\n no field\r\n\r\n".utf8)
    }

    private var request: [UInt8] {
        Array("GET /".utf8) + bytes
            + head(
                " HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n",
                [
                    "Host", "Origin", "User-Agent", "Sec-WebSocket-Key", "Sec-WebSocket-Version",
                    "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions",
                ])
    }

    private func response(_ isRefused: Bool) -> [UInt8] {
        let names = [
            "Sec-WebSocket-Accept", "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions", "Location", "Server",
            "WWW-Authenticate",
        ]
        let status = isRefused ? "302 " : "101 "
        return Array("HTTP/1.1 \(status)".utf8) + bytes
            + head("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n", names)
    }

    private func talk(_ conversation: inout Conversation) {
        for opcode in [Opcode.text, .binary, .ping, .pong] {
            for sender in Sender.allCases { conversation.send(FrameBytes(opcode, bytes), from: sender) }
        }
        conversation.send(FrameBytes(.close, Array([0x03, 0xE8] + bytes.prefix(123))), from: .client)
        conversation.send(FrameBytes(.close, Array([0x03, 0xE7] + bytes.prefix(123))), from: .server)
        conversation.finish()
    }
}

extension Conversation {
    /// A conversation whose heads are any bytes.
    fileprivate static func upgraded(
        from port: UInt16, preamble: [UInt8], request: [UInt8], response: [UInt8]
    ) -> Conversation {
        var conversation = Conversation(client: Endpoint("192.0.2.1", port))
        conversation.handshake()
        conversation.send(preamble + request, from: .client)
        conversation.send(response, from: .server)
        return conversation
    }
}
