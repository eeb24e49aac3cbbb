import TapSubprotocols
import TapWebSocket
import Testing

/// What lies next to a finding, and is none.
@Suite("What is legal in the protocols of messages")
struct LegalTests {
    struct Line: Sendable {
        let sender: Sender
        let text: String
        let wait: Double

        static func client(_ text: String, after wait: Double = 0.01) -> Line {
            Line(sender: .client, text: text, wait: wait)
        }
        static func server(_ text: String, after wait: Double = 0.01) -> Line {
            Line(sender: .server, text: text, wait: wait)
        }
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var subprotocol: String?
        var target = "/"
        let lines: [Line]
    }

    private static let call = #"{"jsonrpc":"2.0","id":1,"method":"a"}"#
    private static let answer = #"{"jsonrpc":"2.0","id":1,"result":0}"#
    private static let socketIO = "/socket.io/?EIO=4&transport=websocket"
    private static let opening = #"0{"sid":"a","upgrades":[],"pingInterval":1000,"pingTimeout":500}"#
    private static let connected = "CONNECTED\nversion:1.2\nheart-beat:0,0\n\n\0"

    static let cases = [
        Case(testDescription: "an answer after just one second", lines: [.client(call), .server(answer, after: 1)]),
        Case(
            testDescription: "an id that is used again after its answer",
            lines: [.client(call), .server(answer), .client(call), .server(answer)]),
        Case(
            testDescription: "one id of both sides at a time",
            lines: [.client(call), .server(call), .server(answer), .client(answer)]),
        Case(
            testDescription: "a number and a text as ids",
            lines: [
                .client(call), .client(#"{"jsonrpc":"2.0","id":"1","method":"a"}"#), .server(answer),
                .server(#"{"jsonrpc":"2.0","id":"1","result":0}"#),
            ]),
        Case(testDescription: "a notification", lines: [.client(#"{"jsonrpc":"2.0","method":"a"}"#)]),
        Case(
            testDescription: "a result beside an error that is null",
            lines: [.client(call), .server(#"{"jsonrpc":"2.0","id":1,"result":0,"error":null}"#)]),
        Case(
            testDescription: "a subscription without an end", subprotocol: "graphql-transport-ws",
            lines: [
                .client(#"{"type":"connection_init"}"#), .server(#"{"type":"connection_ack"}"#),
                .client(#"{"id":"1","type":"subscribe","payload":{"query":"subscription { tide }"}}"#),
            ]),
        Case(
            testDescription: "calls of one id from both sides", subprotocol: "ocpp1.6",
            lines: [
                .client(#"[2,"1","Heartbeat",{}]"#), .server(#"[2,"1","Reset",{"type":"Soft"}]"#),
                .server(#"[3,"1",{"currentTime":"2026-01-01T00:00:00Z"}]"#), .client(#"[3,"1",{"status":"Accepted"}]"#),
            ]),
        Case(
            testDescription: "events without an ack, a ping just in time", target: socketIO,
            lines: [
                .server(opening), .client("40"), .server(#"40{"sid":"b"}"#), .client(#"42["a"]"#),
                .server("2", after: 1.4), .client("3", after: 0.4), .server("2", after: 1),
            ]),
        Case(
            testDescription: "a frame without a receipt, no heart-beat", subprotocol: "v12.stomp",
            lines: [
                .client("CONNECT\naccept-version:1.2\nheart-beat:100,100\n\n\0"), .server(connected),
                .client("SEND\ndestination:/queue/a\n\nx\0"),
            ]),
        Case(
            testDescription: "an event that nobody replies to", target: "/socket/websocket?vsn=2.0.0",
            lines: [
                .client(#"["1","1","room:a","phx_join",{}]"#),
                .server(#"["1","1","room:a","phx_reply",{"status":"ok","response":{}}]"#),
                .client(#"["1","2","room:a","said",{"text":"hello"}]"#),
            ]),
        Case(
            testDescription: "a publication without acknowledgment", subprotocol: "wamp.2.json",
            lines: [
                .client(#"[1,"realm",{"roles":{"publisher":{}}}]"#), .server(#"[2,1,{"roles":{"broker":{}}}]"#),
                .client(#"[16,1,{},"a.b",[1]]"#),
            ]),
        Case(
            testDescription: "an invocation without an id",
            lines: [
                .client("{\"protocol\":\"json\",\"version\":1}\u{1E}"), .server("{}\u{1E}"),
                .client("{\"type\":1,\"target\":\"Say\",\"arguments\":[1]}\u{1E}"),
            ]),
        Case(
            testDescription: "a message to somebody", subprotocol: "xmpp",
            lines: [
                .client("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='a' version='1.0'/>"),
                .server("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='a' version='1.0'/>"),
                .client("<message to='b@a' id='1'><body>hello</body></message>"),
            ]),
        Case(
            testDescription: "a message without an answer", subprotocol: "actioncable-v1-json",
            lines: [
                .server(#"{"type":"welcome"}"#),
                .client(#"{"command":"subscribe","identifier":"{\"channel\":\"C\"}"}"#),
                .server(#"{"identifier":"{\"channel\":\"C\"}","type":"confirm_subscription"}"#),
                .client(#"{"command":"message","identifier":"{\"channel\":\"C\"}","data":"{}"}"#),
            ]),
        Case(
            testDescription: "ids of plain JSON that nobody sends back",
            lines: [.client(#"{"type":"a","id":1}"#), .client(#"{"type":"b","id":1}"#)]),
    ]

    @Test("gives no finding, however long the connection lives", arguments: cases)
    func legal(case: Case) {
        var talk = Talk(`case`.subprotocol, target: `case`.target)
        for line in `case`.lines {
            if line.sender == .client {
                talk.client(line.text, after: line.wait)
            } else {
                talk.server(line.text, after: line.wait)
            }
        }
        if `case`.target == LegalTests.socketIO { talk.beginClosing() }
        talk.finish(after: 60)
        #expect(talk.details == [])
    }

    @Test("a publish that is sent again says so, and one of QoS 0 has no answer")
    func mqtt() {
        var talk = Talk("mqtt")
        talk.client([0x10, 0x0D, 0, 4, 0x4D, 0x51, 0x54, 0x54, 4, 2, 0, 0, 0, 1, 0x61])
        talk.server([0x20, 2, 0, 0])
        talk.client([0x32, 5, 0, 1, 0x62, 0, 1])
        talk.client([0x3A, 5, 0, 1, 0x62, 0, 1])
        talk.server([0x40, 2, 0, 1])
        talk.client([0x30, 3, 0, 1, 0x62])
        talk.finish(after: 60)
        #expect(talk.details == [])
    }
}
