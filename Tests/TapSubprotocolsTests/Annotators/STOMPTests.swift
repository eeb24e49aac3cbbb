import TapSubprotocols
import TapTestSupport
import TapWebSocket
import Testing

@Suite("STOMP")
struct STOMPTests {
    private static let connect =
        "CONNECT\naccept-version:1.1,1.2\nhost:h\nlogin:me\npasscode:secret\nheart-beat:1000,2000\n\n\0"

    @Test("a session of version 1.2")
    func session() {
        var talk = Talk("v12.stomp")
        talk.client(STOMPTests.connect)
        talk.server("CONNECTED\nversion:1.2\nserver:RabbitMQ/3.10.8\nheart-beat:0,0\n\n\0\n")
        talk.client("SUBSCRIBE\nid:0\ndestination:/queue/foo\nack:client\n\n\0")
        talk.client("SEND\ndestination:/queue/a\ncontent-type:text/plain\nreceipt:r-1\n\nhello queue a\n\0")
        talk.server("RECEIPT\nreceipt-id:r-1\n\n\0")
        talk.server(
            "MESSAGE\nsubscription:0\nmessage-id:007\nack:a-1\ndestination:/queue/a\ncontent-length:3\n\na\0b\0")
        talk.client("ACK\nid:a-1\n\n\0")
        talk.client("\n")
        talk.client("DISCONNECT\nreceipt:77\n\n\0")
        talk.server("ERROR\nreceipt-id:77\nmessage:malformed frame\\creceived\n\nwhy\0")
        #expect(
            talk.lines == [
                "CONNECT h", "CONNECTED <-1", "SUBSCRIBE /queue/foo", "SEND /queue/a r-1", "RECEIPT /queue/a r-1 <-4",
                "MESSAGE /queue/a a-1", "ACK /queue/a a-1 <-6", "heartbeat ♥", "DISCONNECT 77",
                "ERROR 77 !malformed frame:received <-9",
            ])
        #expect(talk.summaries[3] == "SEND /queue/a receipt r-1 14 B")
        #expect(talk.summaries[5] == "MESSAGE /queue/a 3 B")
        #expect(talk.findings == ["application-error 10"])
    }

    @Test("where its passcode lies is known")
    func secret() {
        var talk = Talk("v12.stomp")
        talk.client(STOMPTests.connect)
        let bytes = Array(STOMPTests.connect.utf8)
        #expect(talk.items.first?.secrets.map { String(decoding: bytes[$0], as: UTF8.self) } == ["secret"])
        let send = "SEND\ndestination:/a\nauthor:ann\nmonkey:b\nX-Auth-Token:t1\nAuthorization:t2\naccessToken:t3\n\n\0"
        var other = Talk("v12.stomp")
        other.client(send)
        #expect(other.secrets == ["t1", "t2", "t3"])
    }

    @Test("a frame may lie in several messages, and several in one, however they are cut")
    func cuts() {
        let stream = Array(
            (STOMPTests.connect
                + "\nSEND\ndestination:/a\ncontent-length:3\n\na\0b\0\n\nSEND\r\ndestination:/b\r\n\r\nx\0").utf8)
        let expected = ["CONNECT h", "SEND /a", "SEND /b"]
        for index in 0...stream.count {
            var talk = Talk("v12.stomp")
            for piece in [stream[..<index], stream[index...]] where !piece.isEmpty { talk.client(Array(piece)) }
            #expect(talk.lines.filter { $0 != "heartbeat ♥" } == expected, "cut at \(index)")
        }
        var talk = Talk("v12.stomp")
        for byte in stream { talk.client([byte]) }
        #expect(talk.lines.filter { $0 != "heartbeat ♥" } == expected)
        #expect(talk.findings.isEmpty)
    }

    @Test("a receipt that does not come is a finding, a message without one is none")
    func receipts() {
        var talk = Talk("v11.stomp")
        talk.client("SEND\ndestination:/a\n\nx\0")
        talk.client("SEND\ndestination:/a\nreceipt:1\n\nx\0")
        talk.server("MESSAGE\ndestination:/a\nmessage-id:7\nreceipt:2\n\nx\0")
        talk.finish(after: 3)
        #expect(talk.findings == ["application-unanswered 2"], "a receipt that a broker hands on asks for nothing")
    }

    @Test("who is silent for twice the agreed heart-beat has missed it; what one side does not want is not owed")
    func heartbeat() {
        var talk = Talk("v12.stomp")
        talk.client("STOMP\naccept-version:1.2\nhost:h\nheart-beat:1000,0\n\n\0")
        talk.server("CONNECTED\nversion:1.2\nheart-beat:1000,2000\n\n\0")
        talk.client("\n", after: 3.5)
        talk.client("\n", after: 4.5)
        talk.finish()
        #expect(talk.findings == ["application-heartbeat-missed 3"])
        #expect(talk.details.first?.contains("twice the heart-beat of 2000 ms") == true)
    }

    @Test(
        "text that begins like it is none",
        arguments: [
            "CONNECT", "CONNECT to the server", "CONNECT\n\n\0", "STOMP\nfoot:1\n\n\0", "SEND\ndestination:/a\n\n\0",
            "\n",
        ])
    func notRecognized(text: String) {
        var talk = Talk()
        talk.client(text)
        #expect(talk.conversation.recognition == nil && talk.items.isEmpty && talk.findings.isEmpty)
    }

    @Test(
        "what is no frame is said to be malformed",
        arguments: [
            "HELLO\n\n\0", "SEND\nno colon\n\n\0", "SEND\na:b\0", "SEND\ncontent-length:1\n\nabc\0", "1234567890123",
        ])
    func malformed(text: String) {
        var talk = Talk("v12.stomp")
        talk.client(text)
        talk.client("SEND\ndestination:/a\n\nx\0")
        #expect(talk.findings.first == "application-malformed 1")
    }

    @Test("a frame without end is bounded")
    func long() {
        var talk = Talk("v12.stomp")
        let piece = [UInt8](repeating: 0x61, count: 1 << 18)
        talk.client(Array("SEND\n\n".utf8) + piece)
        for _ in 0..<8 { talk.client(piece) }
        #expect(talk.findings.isEmpty && talk.room.itemsLeftOut == 1, "that is a limit, and no fault of the peer")
    }
}
