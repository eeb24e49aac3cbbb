import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

/// What is no WebSocket where frames must begin, after the upgrade and before it.
@Suite("Other protocols in the stream")
struct ForeignProtocolTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let sender: Sender
        let bytes: [UInt8]
        let shown: String

        init(_ name: String, _ sender: Sender, _ bytes: [UInt8], shows shown: String) {
            testDescription = name
            (self.sender, self.bytes, self.shown) = (sender, bytes, shown)
        }

        init(_ name: String, _ sender: Sender, _ text: String, shows shown: String) {
            self.init(name, sender, Array(text.utf8), shows: shown)
        }
    }

    static let rows = [
        Row(
            "a second answer", .server, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
            shows: "HTTP/1.1 400 Bad Request"),
        Row(
            "a proxy's timeout", .server, "HTTP/1.0 408 Request Time-out\r\n\r\n<html>",
            shows: "HTTP/1.0 408 Request Time-out"),
        Row("an answer without a line's end", .server, "HTTP/1.1 502 Bad", shows: "HTTP/1.1 502 Bad"),
        Row("another request", .client, "GET /other HTTP/1.1\r\nHost: a\r\n\r\n", shows: "GET /other HTTP/1.1"),
        Row("a POST", .client, "POST /a HTTP/1.1\r\nContent-Length: 1\r\n\r\na", shows: "POST /a HTTP/1.1"),
        Row(
            "a DELETE, which begins like a chunk's size", .client, "DELETE /a HTTP/1.1\r\n\r\n",
            shows: "DELETE /a HTTP/1.1"),
        Row("frames in chunks", .server, Array("7\r\n".utf8) + FrameBytes(text: "hello").bytes + [13, 10], shows: "7"),
        Row(
            "frames in long chunks", .client,
            Array("1a4\r\n".utf8) + FrameBytes(text: String(repeating: "a", count: 412)).sent(by: .client).bytes,
            shows: "1a4"),
        Row("a TLS record", .client, [0x16, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3], shows: "a TLS record"),
        Row("a TLS alert", .server, [0x15, 3, 3, 0, 2, 2, 40], shows: "a TLS record"),
    ]

    private func conversation(_ row: Row, segmentSize: Int = 1_460) -> Conversation {
        var conversation = Conversation.upgraded()
        for sender in Sender.allCases { conversation.send(text: "before", from: sender) }
        conversation.send(row.bytes, from: row.sender, segmentSize: segmentSize)
        conversation.send(text: "after", from: row.sender.peer)
        conversation.send(FrameBytes(closing: 1002), from: row.sender.peer)
        conversation.finish()
        return conversation
    }

    @Test("it is named and shown, and its direction is decoded no further", arguments: rows, [1, 3, 1_460])
    func found(row: Row, segmentSize: Int) throws {
        let observed = Observed(conversation(row, segmentSize: segmentSize))
        let finding = try #require(observed.findings.first { $0.violation.id == .httpAfterUpgrade })
        #expect(finding.sender == row.sender && finding.violation.detail.contains(row.shown))
        // Who closed first is not known, so nothing is said of the code.
        #expect(observed.ids == [.httpAfterUpgrade])
        #expect(observed.texts.prefix(3) == ["before", "before", "after"] && observed.frames.count == 4)
        let connection = try #require(observed.connections.first)
        let statistics = row.sender == .client ? connection.fromClient : connection.fromServer
        #expect(statistics.undecodedBytes == UInt64(row.bytes.count) && statistics.frames == 1)
        // What is not decoded may have had a close frame in it.
        #expect(!connection.close.isClean && connection.close.initiator == nil)
    }

    static let neighbours = [
        Row(
            "the text of a response in a frame", .server, FrameBytes(text: "HTTP/1.1 400 Bad Request\r\n\r\n").bytes,
            shows: ""),
        Row(
            "such a text's second half, whose frame began before", .server,
            FrameBytes(text: "a" + String(repeating: "HTTP/1.1 400 Bad Request\r\n\r\n", count: 80)).bytes, shows: ""),
        Row(
            "a text that looks like chunks", .client, FrameBytes(text: "7\r\nhello\r\n").sent(by: .client).bytes,
            shows: ""),
    ]

    @Test("what looks so inside a frame is its payload", arguments: neighbours, [1, 50, 1_460])
    func inside(row: Row, segmentSize: Int) {
        var conversation = Conversation.upgraded()
        conversation.send(row.bytes, from: row.sender, segmentSize: segmentSize)
        conversation.close(by: .client)
        #expect(Observed(conversation).ids == [] && Observed(conversation).frames.count == 3)
    }

    @Test("fragments of compressed messages may begin with letters", arguments: ["A", "B"])
    func compressedFragments(letter: String) {
        let opcode: Opcode = letter == "A" ? .text : .binary
        var conversation = Conversation.upgraded(extensions: "permessage-deflate")
        let payload = Deflater().message("hello, hello, hello")
        for segmentSize in [1, 1_460] {
            conversation.send(
                FrameBytes(opcode, Array(payload.prefix(13))).compressed.unfinished, from: .server,
                segmentSize: segmentSize)
            conversation.send(
                FrameBytes(.continuation, Array(payload.dropFirst(13))), from: .server, segmentSize: segmentSize)
        }
        #expect(Observed(conversation).frames.count == 4 && !Observed(conversation).ids.contains(.httpAfterUpgrade))
    }

    @Test("a frame with a reserved opcode is still one, wherever segments end", arguments: [1, 2, 3, 1_460])
    func reserved(segmentSize: Int) {
        var conversation = Conversation.upgraded()
        conversation.send([0x47, 3] + Array("ET ".utf8), from: .server, segmentSize: segmentSize)
        conversation.send([0x16, 2, 3, 1], from: .server, segmentSize: segmentSize)
        conversation.send(text: "after", from: .server)
        let observed = Observed(conversation)
        #expect(observed.frames.count == 3 && observed.texts.last == "after")
        #expect(Set(observed.ids) == [.frameReservedBits, .frameReservedOpcode])
    }

    @Test("a server that sends frames before its 101 is told so, and they are decoded", arguments: [1, 7, 1_460])
    func stray(segmentSize: Int) {
        var conversation = Conversation.opened
        let early = FrameBytes(.ping, Array("hey".utf8)).sent(by: .client).bytes
        conversation.send(HandshakeBytes().request.bytes + early, from: .client)
        conversation.send(
            FrameBytes(.pong, Array("hey".utf8)).bytes + HandshakeBytes().response.bytes, from: .server,
            segmentSize: segmentSize)
        conversation.send(text: "got it", from: .server)
        conversation.close(by: .client)
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.invalid] && Set(observed.ids) == [.responseDataEarly, .handshakeDataEarly])
        #expect(observed.texts.prefix(3) == ["hey", "hey", "got it"])
        #expect(observed.connections.first?.clientPings.answered == 1)
        #expect(observed.handshakes.first?.isAcceptValid == true)
    }

    @Test("garbage before a 101 is told, and is no frame")
    func garbage() {
        var conversation = Conversation.opened
        conversation.send(HandshakeBytes().request.bytes, from: .client)
        conversation.send([0xFF, 0xFE, 0x00] + HandshakeBytes().response.bytes, from: .server)
        conversation.send(text: "in", from: .server)
        conversation.close(by: .client)
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.invalid] && observed.ids == [.responseDataEarly])
        #expect(observed.texts.first == "in" && observed.frames.count == 3)
    }

    @Test("an answer that is no HTTP is said to be none", arguments: [10, 5_000])
    func noHTTP(count: Int) {
        var conversation = Conversation.opened
        conversation.send(HandshakeBytes().request.bytes, from: .client)
        conversation.send([0x15] + SeededGenerator.bytes(count, seed: 3), from: .server)
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.unanswered] && observed.ids == [.handshakeUnanswered])
        #expect(observed.findings.first?.violation.detail == "what the server sent is not an HTTP response")
    }
}
