import TapAnalysis
import TapFilters
import TapTestSupport
import TapWebSocket
import Testing

@Suite("What a filter shows")
struct DisplayFilterTests {
    private func two() -> [CapturedPacket] {
        var first = Conversation.upgraded()
        first.send(text: "hello", from: .client)
        first.send(FrameBytes(.ping, [1]), from: .client)
        first.close(by: .client)
        let other = HandshakeBytes(target: "/other", key: HandshakeBytes.key([UInt8](1...16)))
        var second = Conversation.upgraded(from: 50_000, other)
        second.send(text: "hello", from: .server)
        // A client must mask.
        second.send(FrameBytes(text: "bare").bytes, from: .client)
        second.close(by: .server)
        return (first.segments + second.segments).packets()
    }

    @Test(
        "a connection's handshake and end stand around whatever passes of it",
        arguments: [
            ("websocket.opcode == ping", ["handshake 1", "frame 1.2", "end 1"]),
            ("connection == 1", ["handshake 1", "frame 1.1", "frame 1.2", "frame 1.3", "frame 1.4", "end 1"]),
            ("message.text == bare", ["handshake 2", "frame 2.2", "finding 2 frame-client-unmasked", "end 2"]),
            ("finding", ["handshake 2", "frame 2.2", "finding 2 frame-client-unmasked", "end 2"]),
            ("path == /other and websocket.opcode == 2", []),
            ("close.initiator == server", ["handshake 2", "end 2"]),
            ("message.text == nothing", []),
        ])
    func around(filter: String, records: [String]) throws {
        #expect(try Filtered(two(), filter).records == records)
    }

    @Test("the totals say what was shown of what there was")
    func totals() throws {
        let summary = try Filtered(two(), "finding or heartbeat").summary
        let shown = try #require(summary.shown)
        #expect(shown.filter == "finding or heartbeat")
        #expect(shown.connections == 2 && summary.connections == 2)
        #expect(shown.frames == 2 && summary.frames == 8)
        #expect(shown.findings == [.frameClientUnmasked: 1])
    }

    @Test("findings follow their frame, whatever they are")
    func findingsFollow() throws {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(Opcode(rawValue: 3), [1]).bytes, from: .client)
        let all = try Filtered(conversation, "finding == frame-client-unmasked").records
        #expect(all.contains("finding 1 frame-reserved-opcode"))
        #expect(all.contains("finding 1 frame-client-unmasked"))
        #expect(try Filtered(conversation, "not finding == frame-client-unmasked").frames.isEmpty)
    }

    @Test(
        "what somebody did not do is told with the connection, unless the filter asks for findings itself",
        arguments: [
            ("sender == client", true), ("websocket.opcode == text", true), ("message.text == hello", true),
            ("message.text == nothing", false), ("finding == frame-client-unmasked", false),
            ("severity == error or sender == client", false), ("type == frame", false), ("sender == server", true),
        ])
    func silence(filter: String, isTold: Bool) throws {
        var conversation = Conversation.upgraded()
        conversation.send(text: "hello", from: .client)
        conversation.finish(.server)
        conversation.finish(.client)
        let records = try Filtered(conversation, filter).records
        #expect(records.contains("finding 1 close-missing") == isTold, "\(records)")
    }

    @Test("findings of a handshake stay below it")
    func handshakeFindings() throws {
        var handshake = HandshakeBytes()
        handshake.response.set("Sec-WebSocket-Accept", to: "wrong")
        var conversation = Conversation.upgraded(handshake)
        conversation.send(text: "hello", from: .client)
        let records = ["handshake 1", "finding 1 response-accept-wrong", "frame 1.1"]
        #expect(try Filtered(conversation, "websocket.opcode == 1").records.prefix(3) == records[...])
        #expect(try Filtered(conversation, "verdict == invalid").records.prefix(3) == records[...])
    }

    @Test("of a refused request the handshake alone can pass")
    func refused() throws {
        var conversation = Conversation.opened
        var handshake = HandshakeBytes()
        handshake.response = HandshakeBytes.Head("HTTP/1.1 403 Forbidden", [])
        handshake.response.set("Content-Length", to: "0")
        conversation.send(handshake.request.bytes, from: .client)
        conversation.send(handshake.response.bytes, from: .server)
        conversation.finish()
        #expect(try Filtered(conversation, "http.response.code == 403").records.first == "handshake 1")
        #expect(try Filtered(conversation, "verdict == valid").records.isEmpty)
    }

    @Test("frames wait until their message is over, and nothing changes its order")
    func fragments() throws {
        var conversation = Conversation.upgraded()
        conversation.send(text: "needle one", from: .client)
        conversation.send(FrameBytes(text: "hay nee").unfinished, from: .server)
        conversation.send(text: "a needle", from: .client)
        conversation.send(FrameBytes(.ping, [7]), from: .server)
        conversation.send(FrameBytes(.continuation, Array("dle hay".utf8)), from: .server)
        conversation.send(text: "hay", from: .server)
        conversation.close(by: .client)
        let found = try Filtered(conversation, "message.text contains needle")
        #expect(found.frames == ["frame 1.1", "frame 1.2", "frame 1.3", "frame 1.5"])
        #expect(found.payloads == ["needle one", "hay nee", "a needle", "dle hay"])
        let withPing = try Filtered(conversation, "message.text contains needle or websocket.opcode == ping")
        #expect(withPing.frames == ["frame 1.1", "frame 1.2", "frame 1.3", "frame 1.4", "frame 1.5"])
        #expect(withPing.payloads[3] == "\u{7}")
    }

    @Test("a message that does not end holds nothing up for long", arguments: [0, 3, 5_000])
    func endless(frames: Int) throws {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(text: "the beginning").unfinished, from: .server)
        for _ in 0..<frames { conversation.send(text: "needle", from: .client) }
        let found = try Filtered(conversation, "message.text == needle or websocket.number == 1")
        #expect(found.frames.count == frames + 1)
        #expect(found.frames.first == "frame 1.1")
    }

    /// A message that ends late, among short ones; now and then there is a long wait.
    private static func slowMessages(seed: Int) -> [CapturedPacket] {
        var generator = SeededGenerator(seed: seed)
        var conversation = Conversation.upgraded()
        for number in 0..<6 {
            conversation.send(FrameBytes(text: "start \(number)").unfinished, from: .server)
            for _ in 0..<[1, 30, 3_000, 4_200][number % 4] { conversation.send(text: "ok", from: .client) }
            conversation.send(FrameBytes(.continuation, Array(" and the end".utf8)), from: .server)
        }
        var wait: Int64 = 0
        return conversation.segments.packets().map { packet in
            if generator.oneIn(2_000) { wait += 6_000_000_000 }
            return packet.with(delay: wait)
        }
    }

    @Test("where a batch ends never changes what passes, nor what is said of it", arguments: 0..<4)
    func batches(seed: Int) throws {
        let packets = Self.slowMessages(seed: seed)
        let filter = "message.length > 10 && websocket.opcode == 1"
        let whole = try Filtered(packets, filter, packetsOfBatch: .max)
        #expect(whole.frames.count < 6 && whole.summary.shown?.framesWithoutMessage ?? 0 > 0)
        for count in [1, 7, 1_000, 4_097] {
            let other = try Filtered(packets, filter, packetsOfBatch: count)
            #expect(other.records == whole.records && other.payloads == whole.payloads, "\(count)")
            #expect(other.summary.shown == whole.summary.shown)
        }
    }

    @Test("a frame that has waited too long is counted", arguments: [(4_000, 0), (4_100, 1)])
    func waiting(frames: Int, early: UInt64) throws {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(text: "the beginning").unfinished, from: .server)
        for _ in 0..<frames / 2 { conversation.send(FrameBytes(.ping, [1]), from: .client) }
        for _ in 0..<frames / 2 { conversation.send(FrameBytes(.pong, [1]), from: .server) }
        conversation.send(FrameBytes(.continuation, Array(" and the end".utf8)), from: .server)
        let found = try Filtered(conversation, "message.length > 20")
        #expect(found.summary.shown?.framesWithoutMessage == early)
        #expect(found.frames.count == (early == 0 ? 2 : 1))
    }

    @Test("what is compressed is searched inflated, in the frame that it came in")
    func compressed() throws {
        var conversation = Conversation.upgraded(extensions: "permessage-deflate")
        let deflater = Deflater()
        for text in ["one needle", "two needles", "no such thing"] {
            conversation.send(FrameBytes(.text, deflater.message(text)).compressed, from: .server)
        }
        #expect(try Filtered(conversation, "message.text contains needle").frames == ["frame 1.1", "frame 1.2"])
        #expect(try Filtered(conversation, "websocket.payload.text contains needles").frames == ["frame 1.2"])
        #expect(try Filtered(conversation, "websocket.payload contains needle").frames.isEmpty)
    }

    @Test(
        "a comparison holds for any value of a field, != for all of them, and none for what is not there",
        arguments: [
            ("tcp.port == 80", true), ("tcp.port == 49152", true), ("tcp.port != 80", false), ("tcp.port != 443", true),
            ("vlan.id != 7", false), ("not vlan.id == 7", true), ("vlan.id", false), ("not vlan.id", true),
            ("path < /d", true), ("path < /c", false), ("path >= /chat", true), ("path in {/a../b}", false),
            ("path == ''", false), ("path contains ''", true), ("upper(path) == /CHAT", true), ("len(path) == 5", true),
            ("lower(host) contains 'ÜBER'", false), ("verdict contains ali", true), ("verdict matches '^v'", true),
        ])
    func values(filter: String, holds: Bool) throws {
        let records = try Filtered(.upgraded(), "connection == 1 and (\(filter))").records
        #expect(records.contains("handshake 1") == holds)
    }

    @Test("a text is found wherever it stands, and one that nearly stands everywhere costs no more", arguments: 0..<40)
    func search(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        let part = (0..<Int.random(in: 1...6, using: &generator)).map { _ in
            UInt8.random(in: 0x61...0x62, using: &generator)
        }
        let text = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
            UInt8.random(in: 0x61...0x62, using: &generator)
        }
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(.text, text), from: .server)
        let filter = "message.text contains '\(String(decoding: part, as: UTF8.self))'"
        let isThere = String(decoding: text, as: UTF8.self).contains(String(decoding: part, as: UTF8.self))
        #expect(try Filtered(conversation, filter).frames == (isThere ? ["frame 1.1"] : []))
    }

    @Test("a regular expression that would take forever is given up, and that is told")
    func catastrophe() throws {
        var conversation = Conversation.upgraded()
        conversation.send(text: String(repeating: "a", count: 5_000) + "b", from: .client)
        conversation.send(text: "aac", from: .client)
        var found: Filtered?
        let time = try ContinuousClock().measure {
            found = try Filtered(conversation, "message.text matches '^(a+)+c$'")
        }
        #expect(found?.frames == ["frame 1.2"])
        #expect(found?.summary.shown?.givenUp == 1)
        #expect(time < .seconds(20))
    }

    @Test("regular expressions read text that is not UTF-8, and as much of long text as they may")
    func brokenText() throws {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(.text, [0xFF, 0x61, 0x00, 0x62]), from: .client)
        #expect(try Filtered(conversation, #"message.text matches "a\x00b""#).frames == ["frame 1.1"])
        #expect(try Filtered(conversation, "message.text matches 'ab'").frames.isEmpty)
    }
}
