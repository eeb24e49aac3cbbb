import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

/// What a server that refuses says in the body of its response.
@Suite("Bodies of refusals")
struct RefusalBodyTests {
    private static let text = "unsupported HTTP version: HTTP/1.0.\n"

    /// A refusal with these fields and this body, which comes in segments of a size.
    private static func refused(
        _ fields: [(String, String)], _ body: [UInt8], segmentSize: Int = 1_460, ends: Bool = true
    ) -> Conversation {
        var handshake = HandshakeBytes()
        handshake.response = HandshakeBytes.Head("HTTP/1.1 403 Forbidden", [])
        for (name, value) in fields { handshake.response.add(name, value) }
        var conversation = Conversation()
        conversation.handshake()
        conversation.send(handshake.request.bytes, from: .client)
        conversation.send(handshake.response.bytes + body, from: .server, segmentSize: segmentSize)
        if ends {
            conversation.finish(.server)
            conversation.finish(.client)
        }
        return conversation
    }

    private static func body(_ conversation: Conversation) throws -> ResponseBody? {
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.refused] && observed.ids == [.handshakeRefused])
        return try #require(observed.handshakes.first).responseBody
    }

    private static func length(_ body: [UInt8]) -> (String, String) { ("Content-Length", "\(body.count)") }

    private static func chunked(_ body: [UInt8], size: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: body.count, by: size) {
            let chunk = body[start..<min(start + size, body.count)]
            bytes += Array("\(String(chunk.count, radix: 16));x=1\r\n".utf8) + chunk + [13, 10]
        }
        return bytes + Array("0\r\nTrailer: 1\r\n\r\n".utf8)
    }

    /// How a body is sent: the fields that say so, and its bytes.
    struct Form: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let fields: [(String, String)]
        let bytes: [UInt8]
    }

    /// The text as other programs compress it: `gzip -n`, zlib's `compress`, and DEFLATE alone.
    private static let gzip: [UInt8] = [
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 43, 205, 43, 46, 45, 40, 200, 47, 42, 73, 77, 81, 240, 8, 9, 9, 80,
        40, 75, 45, 42, 206, 204, 207, 179, 2, 243, 244, 13, 245, 12, 244, 184, 0, 83, 244, 96, 210, 36, 0,
        0, 0,
    ]
    private static let zlib: [UInt8] = [
        120, 156, 43, 205, 43, 46, 45, 40, 200, 47, 42, 73, 77, 81, 240, 8, 9, 9, 80, 40, 75, 45, 42, 206,
        204, 207, 179, 2, 243, 244, 13, 245, 12, 244, 184, 0, 249, 130, 11, 224,
    ]
    private static let raw = Array(zlib.dropFirst(2).dropLast(4))

    static let forms: [Form] = {
        let plain = Array(text.utf8)
        let chunks = [("Transfer-Encoding", "chunked")]
        return [
            Form(testDescription: "with a length", fields: [length(plain)], bytes: plain),
            Form(testDescription: "in chunks", fields: chunks, bytes: chunked(plain, size: 7)),
            Form(testDescription: "to the end of the connection", fields: [], bytes: plain),
            Form(testDescription: "gzip", fields: [length(gzip), ("Content-Encoding", "gzip")], bytes: gzip),
            Form(testDescription: "zlib", fields: [length(zlib), ("Content-Encoding", "deflate")], bytes: zlib),
            Form(testDescription: "DEFLATE", fields: [length(raw), ("Content-Encoding", "deflate")], bytes: raw),
            Form(
                testDescription: "gzip in chunks", fields: chunks + [("Content-Encoding", "x-gzip")],
                bytes: chunked(gzip, size: 10)),
        ]
    }()

    @Test("they are decoded, whatever segments they come in", arguments: forms, [1, 13, 1_460])
    func decoded(form: Form, size: Int) throws {
        let body = try RefusalBodyTests.body(RefusalBodyTests.refused(form.fields, form.bytes, segmentSize: size))
        #expect(body?.bytes == Array(RefusalBodyTests.text.utf8) && body?.isTruncated == false)
    }

    @Test("1 KiB of a long one is kept", arguments: [1_024, 1_025, 100_000])
    func long(count: Int) throws {
        let bytes = [UInt8](repeating: 0x61, count: count)
        let body = try RefusalBodyTests.body(RefusalBodyTests.refused([RefusalBodyTests.length(bytes)], bytes))
        #expect(body?.bytes.count == 1_024 && body?.isTruncated == (count > 1_024))
    }

    @Test("what is coded in another way is left out", arguments: ["br", "gzip, gzip"])
    func unknown(coding: String) throws {
        let bytes = Array("?".utf8)
        let fields = [RefusalBodyTests.length(bytes), ("Content-Encoding", coding)]
        #expect(try RefusalBodyTests.body(RefusalBodyTests.refused(fields, bytes)) == nil)
    }

    @Test("there is none where nothing follows the head")
    func none() throws {
        #expect(try RefusalBodyTests.body(RefusalBodyTests.refused([("Content-Length", "0")], [])) == nil)
    }

    @Test("one that does not come to its end is told with what there is, once the connection is over")
    func cut() throws {
        let bytes = Array(RefusalBodyTests.text.utf8)
        for ends in [false, true] {
            let body = try RefusalBodyTests.body(
                RefusalBodyTests.refused([("Content-Length", "99")], bytes, ends: ends))
            #expect(body?.bytes == bytes && body?.isTruncated == true)
        }
    }

    @Test("what comes behind a hole is not part of it")
    func hole() throws {
        let bytes = (0..<90).map { UInt8($0 + 33) }
        var conversation = RefusalBodyTests.inThree(bytes)
        conversation.segments.remove(at: conversation.segments.count - 7)
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.refused])
        let body = try #require(observed.handshakes.first?.responseBody)
        #expect(body.bytes == Array(bytes[..<30]) && body.isTruncated)
    }

    /// A refusal whose body comes in three segments, of which the peer acknowledges the last.
    private static func inThree(_ bytes: [UInt8]) -> Conversation {
        var handshake = HandshakeBytes()
        handshake.response = HandshakeBytes.Head("HTTP/1.1 403 Forbidden", [])
        handshake.response.add("Content-Length", "\(bytes.count)")
        var conversation = Conversation()
        conversation.handshake()
        conversation.send(handshake.request.bytes, from: .client)
        conversation.send(handshake.response.bytes, from: .server)
        conversation.send(bytes, from: .server, segmentSize: 30)
        conversation.finish(.server)
        conversation.finish(.client)
        return conversation
    }

    @Test("after it another request is accepted on the same connection")
    func again() throws {
        let bytes = Array(RefusalBodyTests.text.utf8)
        var conversation = RefusalBodyTests.refused([RefusalBodyTests.length(bytes)], bytes, ends: false)
        let handshake = HandshakeBytes()
        conversation.send(handshake.request.bytes, from: .client)
        conversation.send(handshake.response.bytes, from: .server)
        conversation.send(text: "hello", from: .client)
        conversation.close(by: .client)
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.refused, .valid] && observed.handshakes.first?.responseBody?.bytes == bytes)
        #expect(observed.handshakes.map(\.connection) == [1, 2])
    }
}
