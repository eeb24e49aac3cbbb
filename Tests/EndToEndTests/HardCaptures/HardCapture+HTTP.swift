import TapTestSupport
import TapWebSocket

extension HardCapture {
    static let http: [HardCapture] = httpBodies + httpAnswers + httpRetries + httpHeads + httpProxies + httpTiming

    /// A connection on which something is said before the handshake, and then a whole dialogue.
    /// - Parameters:
    ///   - attempts: how many upgrade requests come before.
    ///   - segmentSize: of all that comes before the frames.
    static func http(
        _ name: String, before turns: [(Sender, [UInt8])] = [], attempts: Int = 0,
        _ handshake: HandshakeBytes = HandshakeBytes(), segmentSize: Int = 1_460, findings: [FindingID] = [],
        tsharkDiffers: String? = nil
    ) -> HardCapture {
        var conversation = Conversation.opened
        let all = turns + [(.client, handshake.request.bytes), (.server, handshake.response.bytes)]
        for (sender, bytes) in all { conversation.send(bytes, from: sender, segmentSize: segmentSize) }
        var dialogue = Dialogue(conversation, connection: attempts + 1)
        dialogue.talk()
        dialogue.close()
        return HardCapture(
            .http, name, dialogue.segments, frames: dialogue.frames, findings: findings, tsharkDiffers: tsharkDiffers)
    }

    /// Text with lines that end in CR LF.
    static func wire(_ text: String) -> [UInt8] { Array(text.replacing("\n", with: "\r\n").utf8) }

    static let upgradeRequest = HandshakeBytes().request.bytes
    private static let upgradeResponse = HandshakeBytes().response.bytes
    static let get = wire("GET / HTTP/1.1\nHost: a\n\n")
    static let done = wire("HTTP/1.1 204 No Content\n\n")

    private static func post(_ fields: String, _ body: [UInt8]) -> [UInt8] {
        wire("POST / HTTP/1.1\nHost: a\n\(fields)\n\n") + body
    }

    private static func answer(_ fields: String, _ body: [UInt8]) -> [UInt8] {
        wire("HTTP/1.1 200 OK\n\(fields)\n\n") + body
    }

    private static func chunks(_ body: [UInt8], size: Int = 50) -> [UInt8] {
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: body.count, by: size) {
            let part = body[start..<min(start + size, body.count)]
            bytes += Array("\(String(part.count, radix: 16));a=\"b\"\r\n".utf8) + part + [0x0D, 0x0A]
        }
        return bytes + Array("0\r\nTrailer: a\r\n\r\n".utf8)
    }

    private static let httpBodies: [HardCapture] = [
        http(
            "a request whose body is an upgrade request",
            before: [(.client, post("Content-Length: \(upgradeRequest.count)", upgradeRequest)), (.server, done)]),
        http(
            "a request whose body is an upgrade request in chunks",
            before: [(.client, post("Transfer-Encoding: chunked", chunks(upgradeRequest))), (.server, done)]),
        http(
            "a response whose body is a 101",
            before: [
                (.client, get), (.server, answer("Content-Length: \(upgradeResponse.count)", upgradeResponse)),
            ]),
        http(
            "a response whose body is a 101 in chunks",
            before: [(.client, get), (.server, answer("Transfer-Encoding: chunked", chunks(upgradeResponse)))]),
        http(
            "chunks and a length that contradicts them",
            before: [
                (.client, get),
                (.server, answer("Content-Length: 3\nTransfer-Encoding: chunked", chunks(upgradeResponse, size: 7))),
            ]),
        http(
            "a body of a whole handshake and frames, byte by byte",
            before: [
                (.client, post("Content-Length: \(upgradeRequest.count)", upgradeRequest)),
                (.server, answer("Content-Length: \(upgradeResponse.count)", upgradeResponse)),
            ], segmentSize: 1),
        http(
            "an answer to HEAD that states a length",
            before: [
                (.client, wire("HEAD / HTTP/1.1\nHost: a\n\n")),
                (.server, wire("HTTP/1.1 200 OK\nContent-Length: 5000\n\n")),
            ]),
        http(
            "a 304 that states a length",
            before: [(.client, get), (.server, wire("HTTP/1.1 304 Not Modified\nContent-Length: 5000\n\n"))]),
        http(
            "lengths that are repeated, and equal",
            before: [(.client, get), (.server, answer("Content-Length: 3, 3\nContent-Length: 3", Array("abc".utf8)))]),
        http(
            "a body of 100,000 bytes",
            before: [
                (.client, get), (.server, answer("Content-Length: 100000", [UInt8](repeating: 0x81, count: 100_000))),
            ]),
    ]

    private static let httpAnswers: [HardCapture] = [
        http(
            "100 Continue before the answer",
            before: [
                (.client, wire("POST / HTTP/1.1\nHost: a\nExpect: 100-continue\nContent-Length: 3\n\n")),
                (.server, wire("HTTP/1.1 100 Continue\n\n")), (.client, Array("abc".utf8)), (.server, done),
            ]),
        http(
            "several interim answers", before: [(.client, get), (.server, interim + interim + done)]),
        http(
            "interim answers before the 101",
            response: { interim + $0 }),
        http(
            "requests that do not wait for their answers",
            before: [(.client, get + get + get), (.server, done + done + done)]),
        http(
            "200 requests that do not wait for their answers",
            before: [
                (.client, Array((0..<200).map { _ in get }.joined())),
                (.server, Array((0..<200).map { _ in done }.joined())),
            ]),
        http("empty lines before the request", before: [(.client, wire("\n\n\n"))]),
        http("empty lines between requests", before: [(.client, get), (.server, done), (.client, wire("\n\n"))]),
        http("the handshake byte by byte", segmentSize: 1),
        http("the handshake in pieces of seven bytes", segmentSize: 7),
    ]

    private static let interim = wire("HTTP/1.1 100 Continue\n\nHTTP/1.1 103 Early Hints\nLink: </a>; rel=preload\n\n")

    /// A handshake whose response is not quite what a server sends.
    private static func http(_ name: String, response: ([UInt8]) -> [UInt8], tsharkDiffers: String? = nil)
        -> HardCapture
    {
        var conversation = Conversation.opened
        conversation.send(upgradeRequest, from: .client)
        conversation.send(response(upgradeResponse), from: .server)
        var dialogue = Dialogue(conversation)
        dialogue.talk()
        dialogue.close()
        return HardCapture(.http, name, dialogue.segments, frames: dialogue.frames, tsharkDiffers: tsharkDiffers)
    }
}
