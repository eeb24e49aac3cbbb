import TapSubprotocols
import TapTestSupport
import TapWebSocket
import Testing

@Suite("MQTT")
struct MQTTTests {
    private func text(_ text: String) -> [UInt8] { [0, UInt8(text.utf8.count)] + Array(text.utf8) }

    private func packet(_ first: UInt8, _ body: [UInt8]) -> [UInt8] { [first, UInt8(body.count)] + body }

    /// The example of MQTT 3.1.1 §3.1.2.12: will, user name and password.
    private var connect: [UInt8] {
        packet(
            0x10,
            text("MQTT") + [0x04, 0xCE, 0x00, 0x0A] + text("cid") + text("will") + text("gone") + text("me")
                + text("pass"))
    }

    @Test("QoS 0, 1 and 2 of version 3.1.1")
    func session() {
        var talk = Talk("mqtt")
        talk.client(connect)
        talk.server(packet(0x20, [0, 0]))
        talk.client(packet(0x82, [0, 1] + text("a/#") + [1] + text("b") + [2]))
        talk.server(packet(0x90, [0, 1, 1, 0x80]))
        talk.client(packet(0x30, text("a/0") + [1, 2]))
        talk.client(packet(0x32, text("a/1") + [0, 2] + [1]))
        talk.server(packet(0x40, [0, 2]))
        talk.client(packet(0x34, text("a/2") + [0, 3] + [1, 2, 3]))
        talk.server(packet(0x50, [0, 3]))
        talk.client(packet(0x62, [0, 3]))
        talk.server(packet(0x70, [0, 3]))
        talk.client([0xC0, 0])
        talk.server([0xD0, 0])
        talk.client(packet(0xA2, [0, 4] + text("a/#")))
        talk.server(packet(0xB0, [0, 4]))
        talk.client([0xE0, 0])
        #expect(
            talk.lines == [
                "CONNECT cid", "CONNACK <-1", "SUBSCRIBE a/# 1", "SUBACK a/# 1 !128 <-3", "PUBLISH a/0",
                "PUBLISH a/1 2",
                "PUBACK a/1 2 <-6", "PUBLISH a/2 3", "PUBREC a/2 3 <-8", "PUBREL a/2 3 <-9", "PUBCOMP a/2 3 <-10",
                "PINGREQ ♥",
                "PINGRESP <-12 ♥", "UNSUBSCRIBE a/# 4", "UNSUBACK a/# 4 <-14", "DISCONNECT",
            ])
        #expect(talk.summaries[0] == "CONNECT cid user me keep alive 10 s")
        #expect(talk.summaries[2] == "SUBSCRIBE id 1 a/# QoS1 b QoS2")
        #expect(talk.summaries[5] == "PUBLISH QoS1 id 2 a/1 1 B")
        let bytes = connect
        #expect(talk.items[0].secrets.map { String(decoding: bytes[$0], as: UTF8.self) } == ["pass"])
        talk.finish(after: 5)
        #expect(talk.findings == ["application-error 4"])
    }

    @Test("version 5 has properties and reasons")
    func five() {
        var talk = Talk("mqtt")
        talk.client(packet(0x10, text("MQTT") + [5, 0x02, 0, 60] + [5, 0x11, 0, 0, 0, 10] + text("")))
        talk.server(packet(0x20, [0, 0, 9, 0x12, 0, 3, 0x61, 0x62, 0x63, 0x13, 0, 1]))
        talk.client(packet(0x32, text("t") + [0, 1] + [3, 0x23, 0, 1] + [9]))
        talk.server(packet(0x40, [0, 1, 0x10, 0]))
        talk.client(packet(0x32, text("") + [0, 2] + [3, 0x23, 0, 1] + [9]))
        talk.server(packet(0x40, [0, 2, 0x97, 7, 0x1F, 0, 4, 0x66, 0x75, 0x6C, 0x6C]))
        talk.server(packet(0xE0, [0x8D, 0]))
        #expect(
            talk.lines == [
                "CONNECT ", "CONNACK abc <-1", "PUBLISH t 1", "PUBACK t 1 <-3", "PUBLISH t 2", "PUBACK t 2 !151 <-5",
                "DISCONNECT !141",
            ])
        #expect(talk.summaries[3] == "PUBACK id 1 t 16 No matching subscribers")
        #expect(talk.items[5].error?.text == "full")
        #expect(talk.summaries[6] == "DISCONNECT 141 Keep Alive timeout")
        #expect(talk.findings == ["application-error 6", "application-error 7"])
    }

    @Test("where messages begin and end changes no packet")
    func cuts() {
        let stream =
            connect + packet(0x30, text("a/0") + [UInt8](repeating: 7, count: 90)) + [0xC0, 0] + [0x32, 0x85, 0x01]
            + text("a/1") + [0, 2] + [UInt8](repeating: 1, count: 126)
        let expected = ["CONNECT cid", "PUBLISH a/0", "PINGREQ ♥", "PUBLISH a/1 2"]
        for index in 0...stream.count {
            var talk = Talk("mqtt")
            for piece in [stream[..<index], stream[index...]] where !piece.isEmpty { talk.client(Array(piece)) }
            #expect(talk.lines.filter { $0 != "CONNECT" } == expected, "cut at \(index)")
            #expect(talk.findings.isEmpty)
        }
        var talk = Talk("mqtt")
        for byte in stream { talk.client([byte]) }
        #expect(talk.lines.filter { $0 != "CONNECT" } == expected)
        #expect(talk.items.last?.summary == "PUBLISH QoS1 id 2 a/1 126 B")
        talk = Talk("mqtt")
        talk.client(stream)
        #expect(talk.lines == expected)
    }

    @Test("a password in an earlier message is covered, too", arguments: 1..<39)
    func secretCut(index: Int) {
        let bytes = connect
        var talk = Talk("mqtt")
        talk.client(Array(bytes[..<index]))
        talk.client(Array(bytes[index...]))
        let covered = talk.items.enumerated().flatMap { place, item in
            item.secrets.flatMap { $0.map { $0 + (place == 0 && talk.items.count > 1 ? 0 : index) } }
        }
        #expect(Set(covered).isSuperset(of: bytes.count - 4..<bytes.count))
    }

    @Test("a publish that was never acknowledged is a finding, one after which the client left is none")
    func unanswered() {
        var talk = Talk("mqtt")
        talk.client(packet(0x32, text("a") + [0, 1]))
        talk.client(packet(0x34, text("b") + [0, 2]))
        talk.server(packet(0x50, [0, 2]))
        talk.client([0xC0, 0], after: 2)
        talk.client(packet(0x32, text("c") + [0, 3]))
        talk.client([0xE0, 0])
        talk.finish(after: 9)
        #expect(talk.findings == ["application-unanswered 1", "application-unanswered 3"])
        #expect(
            talk.details == [
                "the server never answered PUBLISH a id 1, for 2.04 s",
                "the client never answered PUBREC b id 2, for 2.02 s",
            ])
        #expect(talk.pending.map(\.outcome) == [.unanswered, .unanswered, .closed, .closed])
    }

    @Test("an id that is in use is a finding, but not with DUP")
    func duplicate() {
        var talk = Talk("mqtt")
        talk.client(packet(0x32, text("a") + [0, 1]))
        talk.client(packet(0x3A, text("a") + [0, 1]))
        #expect(talk.findings.isEmpty)
        talk.client(packet(0x82, [0, 1] + text("x") + [0]))
        talk.server(packet(0x40, [0, 1]))
        talk.server(packet(0x90, [0, 1, 0]))
        talk.client(packet(0x32, text("a") + [0, 1]))
        #expect(talk.findings == ["application-duplicate-id 3"])
        talk.server(packet(0x32, text("a") + [0, 1]))
        #expect(talk.findings.count == 1, "each side has its own ids")
    }

    @Test("a client that is silent for one and a half times its keep-alive has missed it")
    func keepAlive() {
        var talk = Talk("mqtt")
        talk.client(connect)
        talk.server(packet(0x20, [0, 0]))
        talk.client([0xC0, 0], after: 14)
        talk.client([0xC0, 0], after: 16)
        talk.finish()
        #expect(talk.findings.contains("application-heartbeat-missed 3"))
        #expect(!talk.findings.contains("application-heartbeat-missed 1"))
    }

    @Test("a refused connection is an error")
    func refused() {
        var talk = Talk("mqttv3.1")
        talk.client(packet(0x10, text("MQIsdp") + [3, 2, 0, 0] + text("x")))
        talk.server(packet(0x20, [0, 5]))
        #expect(talk.lines == ["CONNECT x", "CONNACK !5 <-1"])
        #expect(talk.summaries[1] == "CONNACK 5 not authorized")
    }

    @Test("after a hole it goes on with the next packet")
    func hole() {
        var talk = Talk("mqtt")
        talk.client([0x30, 0x20, 0, 1])
        talk.lose(.client)
        talk.client([0xC0, 0])
        #expect(talk.lines == ["PINGREQ ♥"])
    }

    @Test("lengths that lie cost nothing")
    func lies() {
        var talk = Talk("mqtt")
        talk.client([0x30, 0xFF, 0xFF, 0xFF, 0x7F, 0, 1, 0x61])
        for _ in 0..<100 { talk.client([UInt8](repeating: 0, count: 10_000)) }
        #expect(talk.items.isEmpty && talk.findings.isEmpty)
        talk = Talk("mqtt")
        talk.client([0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x01])
        #expect(talk.findings == ["application-malformed 1"])
    }

    @Test(
        "what cannot be a packet is said to be malformed",
        arguments: [[0x00, 0], [0x66, 0], [0x36, 0], [0x41, 2, 0, 1]] as [[UInt8]])
    func malformed(bytes: [UInt8]) {
        var talk = Talk("mqtt")
        talk.client(bytes)
        #expect(talk.findings == ["application-malformed 1"])
    }

    @Test(
        "a packet that is too short is said to be",
        arguments: [[0x10, 0], [0x20, 0], [0x32, 2, 0, 0], [0x82, 0], [0x40, 1, 0]] as [[UInt8]])
    func short(bytes: [UInt8]) {
        var talk = Talk("mqtt")
        talk.client(bytes)
        #expect(talk.items.first?.malformed != nil)
        #expect(talk.findings == ["application-malformed 1"])
    }

    @Test("it is told by a whole CONNECT")
    func recognition() {
        var talk = Talk()
        talk.client([0x10, 0x04, 0, 4, 0x4D, 0x51])
        talk.client([0xC0, 0])
        #expect(talk.conversation.recognition == nil && talk.items.isEmpty)
        talk.client(connect)
        #expect(talk.conversation.recognition?.description == "mqtt, by message 3: a packet CONNECT of version 4")
    }
}
