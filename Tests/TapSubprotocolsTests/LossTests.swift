import TapSubprotocols
import TapWebSocket
import Testing

/// What is said of messages before which others are missing.
@Suite("Missing messages")
struct LossTests {
    private func text(_ text: String) -> [UInt8] { [0, UInt8(text.utf8.count)] + Array(text.utf8) }

    private func packet(_ first: UInt8, _ body: [UInt8]) -> [UInt8] { [first, UInt8(body.count)] + body }

    @Test("packets of MQTT whose version is not known accuse nobody, and its answer tells it")
    func version() {
        var talk = Talk("mqtt")
        talk.lose(.client)
        talk.client(packet(0x82, [0, 1, 0] + text("a/#") + [1]))
        talk.server(packet(0x90, [0, 1, 0, 0x80]))
        talk.client(packet(0x32, text("a/1") + [0, 2, 0] + [1]))
        #expect(talk.lines == ["SUBSCRIBE 1", "SUBACK 1 <-1", "PUBLISH a/1 2"])
        #expect(talk.summaries == ["SUBSCRIBE id 1", "SUBACK id 1", "PUBLISH QoS1 id 2 a/1"])
        talk.server(packet(0x20, [0, 0, 0]))
        talk.client(packet(0x82, [0, 3, 0] + text("b/#") + [1]))
        #expect(talk.summaries.last == "SUBSCRIBE id 3 b/# QoS1" && talk.findings.isEmpty)
    }

    @Test("the rest of a packet of MQTT is none, and may hold a password until CONNECT is over")
    func packetOverMessages() {
        var talk = Talk("mqtt")
        talk.lose(.client)
        talk.client(Array("d secret".utf8))
        talk.server(packet(0x20, [0, 0]))
        talk.lose(.client)
        talk.client(Array("0123456789".utf8))
        talk.client(packet(0x30, text("a") + [7]))
        #expect(talk.lines == ["rest", "CONNACK", "PUBLISH a"])
        #expect(talk.secrets == ["d secret"] && talk.findings.isEmpty)
    }

    @Test("the rest of a frame of STOMP is none, nor are zeros in its body ends of frames")
    func frameOfSTOMP() {
        var talk = Talk("v12.stomp")
        talk.lose(.client)
        talk.client("code:secret\n\n\0")
        talk.server("CONNECTED\nversion:1.2\n\n\0")
        talk.lose(.server)
        talk.server([0x61, 0, 0x62, 0, 0x63, 0])
        talk.server("MESSAGE\ndestination:/a\n\nx\0")
        #expect(talk.lines == ["rest", "CONNECTED", "MESSAGE /a"])
        #expect(talk.secrets == ["code:secret\n\n\0"] && talk.findings.isEmpty)
        talk.server("HELLO\n\n\0")
        #expect(talk.findings == ["application-malformed 5"])
    }

    @Test("the rest of a frame of AMQP is none, and who mirrors what is missing asks for nothing")
    func frameOfAMQP() {
        let begin: [UInt8] = [0, 0, 0, 24, 2, 0, 0, 0, 0, 0x53, 0x11, 0xC0, 11, 4]
        var talk = Talk("amqp")
        talk.lose(.client)
        talk.client([0x20, 0x41, 0, 0, 0, 9, 2, 0, 0])
        talk.server(begin + [0x60, 0, 0, 0x43, 0x52, 9, 0x52, 9, 0x40, 0x40])
        talk.client(begin + [0x40, 0x43, 0x52, 9, 0x52, 9, 0x40, 0x40, 0x40, 0x40])
        #expect(talk.lines == ["rest", "begin 0", "begin 0"])
        #expect(talk.findings.isEmpty)
    }

    @Test("a stream of XMPP is the client's before it is the server's")
    func streamOfXMPP() {
        let open = #"<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" version="1.0"/>"#
        var talk = Talk("xmpp")
        talk.lose(.client)
        talk.server(open)
        talk.client(open)
        talk.server(open)
        #expect(talk.lines == ["open", "open", "open <-2"])
    }

    @Test("an answer to a handshake of SignalR that is missing is no fault", arguments: [true, false])
    func handshakeOfSignalR(isText: Bool) {
        var talk = Talk(chosen: .signalR)
        talk.lose(.client)
        if isText { talk.server("{}\u{1E}") } else { talk.server(Array("{}\u{1E}".utf8)) }
        talk.server("{\"type\":6}\u{1E}")
        #expect(talk.lines == ["handshake", "ping ♥"] && talk.findings.isEmpty)
        talk.server("{}\u{1E}")
        #expect(talk.findings == ["application-malformed 3"])
    }

    @Test("screens are read only from their first word on, and where no turn is missing")
    func turns() {
        let version = Array("RFB 003.008\n".utf8)
        var talk = Talk()
        talk.client(version)
        talk.server(version)
        talk.server([1, 1])
        talk.client([1])
        talk.client([UInt8](repeating: 1, count: 16))
        #expect(talk.conversation.recognition == nil && talk.items.isEmpty && talk.findings.isEmpty)
        talk = Talk()
        talk.lose(.client)
        talk.server(version)
        talk.client([UInt8](repeating: 1, count: 16))
        #expect(talk.lines.isEmpty && talk.findings.isEmpty)
    }

    @Test("a request that is read after later messages of its peer may have been answered by one of them")
    func late() {
        var talk = Talk("jsonrpc")
        talk.client("{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"id\":1}", after: 1)
        talk.server("{\"jsonrpc\":\"2.0\",\"result\":1,\"id\":2}", after: 1)
        talk.client("{\"jsonrpc\":\"2.0\",\"method\":\"b\",\"id\":2}", after: -0.5)
        talk.client("{\"jsonrpc\":\"2.0\",\"method\":\"c\",\"id\":2}", after: 0.1)
        talk.finish(after: 5)
        #expect(talk.findings == ["application-unanswered 1"])
    }
}
