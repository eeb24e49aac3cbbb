import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Where segments end before the upgrade")
struct HTTPCutTests {
    private static let (request, response) = (HandshakeBytes().request.bytes, HandshakeBytes().response.bytes)

    private static func wire(_ text: String) -> [UInt8] { Array(text.replacing("\n", with: "\r\n").utf8) }

    /// What each side sends, in turn: all that there may be before an upgrade.
    static let turns: [(sender: Sender, bytes: [UInt8])] = [
        (.client, ProxyBytes.block(family: 0x11, ProxyBytes.internet + ProxyBytes.field(4, [0x0A, 0x0D]))),
        (.client, wire("\nPOST / HTTP/1.1\nTransfer-Encoding: chunked\n\n5;a=b\nGET /\n0\nA: b\n\n") + request),
        (.server, wire("HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\nContent-Length: 8\n\nHTTP/1.1")),
        (.server, wire("HTTP/1.1 401 Who?\nTransfer-Encoding: chunked\n\n3\nabc\n0\n\n")),
        (.client, wire("CONNECT a:80 HTTP/1.1\n\n") + ProxyBytes.line("TCP4 1.2.3.4 5.6.7.8 1 2") + request),
        (.server, wire("HTTP/1.1 200 OK\nContent-Length: 3\n\n") + response + FrameBytes(text: "down").bytes),
        (.client, FrameBytes(text: "up").sent(by: .client).bytes),
    ]

    private func observed(cutting turn: Int, at place: Int) -> Observed {
        var conversation = Conversation.opened
        for (index, (sender, bytes)) in HTTPCutTests.turns.enumerated() {
            let pieces = index == turn ? CutVerifier.pieces(of: bytes, cutAt: [place]) : [bytes]
            for piece in pieces where !piece.isEmpty { conversation.send(piece, from: sender) }
        }
        return Observed(conversation)
    }

    @Test("never changes what is decoded, at every place of each turn", arguments: turns.indices)
    func everywhere(turn: Int) {
        for place in 0...HTTPCutTests.turns[turn].bytes.count {
            let observed = observed(cutting: turn, at: place)
            #expect(observed.verdicts == [.refused, .valid] && observed.texts == ["down", "up"], "at \(place)")
            #expect(observed.ids == [.handshakeRefused], "at \(place)")
            #expect(observed.handshakes.map { $0.proxy?.version } == [2, 1], "at \(place)")
        }
    }

    @Test("nor does it where every segment is a byte")
    func bytes() {
        var conversation = Conversation.opened
        for (sender, bytes) in HTTPCutTests.turns { conversation.send(bytes, from: sender, segmentSize: 1) }
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.refused, .valid] && observed.texts == ["down", "up"])
    }

    @Test("damage anywhere never traps", arguments: 0..<200)
    func damage(seed: Int) {
        var generator = SeededGenerator(seed: 40_000 + seed)
        var conversation = Conversation.opened
        for (sender, bytes) in HTTPCutTests.turns {
            var bytes = bytes
            for _ in 0..<Int.random(in: 0...2, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            conversation.send(
                bytes, from: generator.oneIn(20) ? sender.peer : sender,
                segmentSize: Int.random(in: 1...200, using: &generator))
        }
        let segments = conversation.segments.dropped(oneIn: 15, using: &generator)
        #expect(Observed(segments).summary.flows == 1)
    }
}
