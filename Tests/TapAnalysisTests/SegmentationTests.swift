import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Segments")
struct SegmentationTests {
    struct Turn: Sendable {
        let sender: Sender
        let bytes: [UInt8]
    }

    static let turns: [Turn] = {
        let handshake = HandshakeBytes(extensions: "permessage-deflate", chosenExtensions: "permessage-deflate")
        let ping = FrameBytes(.ping, Array("are you there".utf8))
        let compressed = FrameBytes(.text, [0xF2, 0x48, 0x05]).with { $0.reservedBits = 4 }
        let closing = FrameBytes(closing: 1000, "bye")
        return [
            Turn(sender: .client, bytes: Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)),
            Turn(sender: .server, bytes: Array("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n".utf8)),
            Turn(sender: .client, bytes: handshake.request.bytes + ping.sent(by: .client).bytes),
            Turn(sender: .server, bytes: handshake.response.bytes + compressed.unfinished.bytes + ping.bytes),
            Turn(sender: .client, bytes: FrameBytes(.binary, Array(0...139)).sent(by: .client).bytes),
            Turn(sender: .server, bytes: FrameBytes(.continuation, [1]).bytes + FrameBytes(Opcode(rawValue: 6)).bytes),
            Turn(sender: .client, bytes: FrameBytes(text: "no mask").bytes + closing.sent(by: .client).bytes),
            Turn(sender: .server, bytes: closing.bytes + closing.bytes),
        ]
    }()

    static let count = turns.reduce(0) { $0 + $1.bytes.count }

    private func seen(cutAt cuts: Set<Int>) -> [SeenFrame] {
        var conversation = Conversation.opened
        var start = 0
        for turn in SegmentationTests.turns {
            let inside = cuts.filter { $0 > start && $0 < start + turn.bytes.count }.map { $0 - start }.sorted()
            for piece in CutVerifier.pieces(of: turn.bytes, cutAt: inside) {
                conversation.send(piece, from: turn.sender)
            }
            start += turn.bytes.count
        }
        return Observed(conversation).seen
    }

    @Test("where a segment ends never changes what is decoded")
    func everywhere() {
        let whole = seen(cutAt: [])
        #expect(whole.count == 10)
        for place in 0...SegmentationTests.count { #expect(seen(cutAt: [place]) == whole, "cut at \(place)") }
        #expect(seen(cutAt: Set(0...SegmentationTests.count)) == whole, "byte by byte")
    }

    @Test("nor do several cuts at random places", arguments: 0..<50)
    func random(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let cuts = (0..<20).map { _ in Int.random(in: 0...SegmentationTests.count, using: &generator) }
        #expect(seen(cutAt: Set(cuts)) == seen(cutAt: []))
    }

    @Test("nor does reordering or repetition", arguments: 0..<50)
    func mishaps(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        var conversation = Conversation.upgraded()
        for number in 0..<20 {
            conversation.send(FrameBytes(text: "frame \(number)"), from: .server, segmentSize: 5)
        }
        let segments = conversation.segments
            .shuffled(within: 4, keepingFirst: Conversation.upgradedPackets, using: &generator)
            .duplicated(oneIn: 3, keepingFirst: Conversation.upgradedPackets, using: &generator)
        #expect(Observed(segments).seen == Observed(conversation).seen)
    }
}
