import TapSubprotocols
import Testing

@Suite("AMQP 1.0")
struct AMQPTests {
    private func frame(_ code: UInt8, _ fields: [[UInt8]], type: UInt8 = 0, payload: [UInt8] = []) -> [UInt8] {
        let list = fields.flatMap { $0 }
        let body: [UInt8] =
            [0x00, 0x53, code]
            + (list.isEmpty ? [0x45] : [0xC0, UInt8(list.count + 1), UInt8(fields.count)] + list) + payload
        return [0, 0, 0, UInt8(body.count + 8), 2, type, 0, 0] + body
    }

    private func text(_ text: String) -> [UInt8] { [0xA1, UInt8(text.utf8.count)] + Array(text.utf8) }

    private func symbol(_ text: String) -> [UInt8] { [0xA3, UInt8(text.utf8.count)] + Array(text.utf8) }

    private func described(_ code: UInt8, _ fields: [[UInt8]]) -> [UInt8] {
        let list = fields.flatMap { $0 }
        return [0x00, 0x53, code, 0xC0, UInt8(list.count + 1), UInt8(fields.count)] + list
    }

    private let null: [UInt8] = [0x40]
    private let header: [UInt8] = Array("AMQP".utf8) + [0, 1, 0, 0]

    private var stream: [UInt8] {
        header + frame(0x10, [text("me"), text("host"), null, null, [0x52, 100]])
            + frame(0x11, [null, [0x43], [0x52, 9], [0x52, 9]])
            + frame(
                0x12,
                [
                    text("link"), [0x43], [0x42], null, null, described(0x28, [text("src")]),
                    described(0x29, [text("q")]),
                ])
            + frame(0x14, [[0x43], [0x43], [0xA0, 1, 7], [0x43], [0x42]], payload: [0, 0x53, 0x77, 0xA1, 1, 0x78])
    }

    @Test("performatives, several in one message")
    func session() {
        var talk = Talk("amqp")
        talk.client(Array("AMQP".utf8) + [3, 1, 0, 0])
        talk.server(
            Array("AMQP".utf8) + [3, 1, 0, 0]
                + frame(0x40, [[0xE0, 8, 1, 0xA3, 5] + Array("PLAIN".utf8)], type: 1))
        talk.client(frame(0x41, [symbol("PLAIN"), [0xA0, 4, 0, 0x75, 0, 0x70]], type: 1))
        talk.server(frame(0x44, [[0x50, 0]], type: 1))
        talk.client(stream)
        talk.server(header + frame(0x10, [text("you")]))
        talk.server(
            frame(
                0x15,
                [
                    [0x41], [0x43], null, [0x41],
                    described(0x25, [described(0x1D, [symbol("amqp:not-allowed"), text("no")])]),
                ]))
        talk.client([0, 0, 0, 8, 2, 0, 0, 0])
        talk.server(frame(0x18, [described(0x1D, [symbol("amqp:connection:forced"), text("bye")])]))
        #expect(
            talk.lines == [
                "header SASL", "header SASL <-1", "sasl-mechanisms", "sasl-init PLAIN", "sasl-outcome <-3",
                "header AMQP", "open me",
                "begin 0", "attach link 0", "transfer q 0", "header AMQP <-5", "open you <-5",
                "disposition 0 !amqp:not-allowed <-5", "empty ♥", "close !amqp:connection:forced",
            ])
        #expect(talk.summaries[2] == "sasl-mechanisms PLAIN")
        #expect(talk.summaries[6] == "open me to host")
        #expect(talk.summaries[8] == "attach link sender to q")
        #expect(talk.summaries[9] == "transfer q delivery 0 6 B")
        #expect(talk.secrets.count == 1)
        #expect(talk.findings == ["application-error 7", "application-error 9"])
    }

    @Test("where messages begin and end changes no frame")
    func cuts() {
        let expected = ["header AMQP", "open me", "begin 0", "attach link 0", "transfer q 0"]
        let stream = stream
        for index in 0...stream.count {
            var talk = Talk("amqp")
            for piece in [stream[..<index], stream[index...]] where !piece.isEmpty { talk.client(Array(piece)) }
            #expect(talk.lines == expected, "cut at \(index)")
        }
        var talk = Talk()
        talk.client(Array(stream[..<8]))
        for byte in stream[8...] { talk.client([byte]) }
        #expect(talk.lines == expected && talk.findings.isEmpty)
        #expect(talk.conversation.recognition?.description == "amqp, by message 1: a header of AMQP 1.0")
    }

    @Test("a password is secret wherever its frame is cut", arguments: 6..<36)
    func secretCut(index: Int) {
        let secret = Array("low tide".utf8)
        let frame: [UInt8] =
            [0, 0, 0, 36, 2, 1, 0, 0, 0, 0x53, 0x41, 0xC0, 23, 3, 0xA3, 5] + Array("PLAIN".utf8) + [0xA0, 8] + secret
            + [0xA1, 3] + Array("tip".utf8)
        #expect(frame.count == 36)
        var talk = Talk("amqp")
        talk.client([0x41, 0x4D, 0x51, 0x50, 3, 1, 0, 0])
        talk.client(Array(frame[..<index]))
        talk.client(Array(frame[index...]))
        #expect(talk.lines == ["header SASL", "sasl", "sasl-init PLAIN"])
        #expect(talk.items.flatMap(\.secrets).map(\.count) == [index, 36 - index] && talk.findings.isEmpty)
    }

    @Test(
        "what is no frame is said to be malformed",
        arguments: [
            [0, 0, 0, 7, 2, 0, 0, 0], [0, 0, 0, 9, 1, 0, 0, 0, 0x40],
            [0, 0, 0, 9, 2, 0, 0, 0, 0x40], [0, 0, 0, 12, 2, 0, 0, 0, 0, 0x53, 0x99, 0x45],
            [0, 0, 0, 13, 2, 0, 0, 0, 0, 0x53, 0x10, 0xC0, 0xFF], Array("HTTP/1.1".utf8),
        ] as [[UInt8]])
    func malformed(bytes: [UInt8]) {
        var talk = Talk("amqp")
        talk.client(bytes)
        #expect(talk.findings == ["application-malformed 1"])
    }

    @Test("a frame that is too long is stepped over, wherever it is cut", arguments: [8, 9, 1_000_000, 2_000_000])
    func long(index: Int) {
        let long: [UInt8] = [0, 0x20, 0, 0, 2, 0, 0, 0] + [UInt8](repeating: 0, count: (1 << 21) - 8)
        var talk = Talk("amqp")
        talk.client(header)
        talk.client(Array(long[..<index]))
        talk.client(Array(long[index...]) + frame(0x10, [text("me")]))
        #expect(talk.lines == ["header AMQP", "open me"] && talk.findings.isEmpty)
        #expect(talk.room.itemsLeftOut == 1)
    }
}
