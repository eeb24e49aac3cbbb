import TapSubprotocols
import Testing

@Suite("SignalR")
struct SignalRTests {
    /// https://github.com/dotnet/aspnetcore/blob/main/src/SignalR/docs/specs/HubProtocol.md
    @Test("in JSON, several messages in one")
    func json() {
        var talk = Talk(target: "/chat?id=x")
        talk.client("{\"protocol\":\"json\",\"version\":1}\u{1E}")
        talk.server("{}\u{1E}{\"type\":6}\u{1E}")
        talk.client("{\"type\":1,\"invocationId\":\"123\",\"target\":\"Add\",\"arguments\":[1,2]}\u{1E}")
        talk.server("{\"type\":3,\"invocationId\":\"123\",\"result\":3}\u{1E}")
        talk.client(
            "{\"type\":1,\"target\":\"Send\",\"arguments\":[42]}\u{1E}{\"type\":4,\"invocationId\":\"9\",\"target\":\"Stream\",\"arguments\":[]}\u{1E}"
        )
        talk.server(
            "{\"type\":2,\"invocationId\":\"9\",\"item\":7}\u{1E}{\"type\":3,\"invocationId\":\"9\",\"error\":\"It did not work!\"}\u{1E}"
        )
        talk.server("{\"type\":7,\"error\":\"Connection closed\"}\u{1E}")
        #expect(
            talk.lines == [
                "handshake json", "handshake <-1", "ping ♥", "invocation Add 123", "completion Add 123 <-3",
                "invocation Send",
                "stream_invocation Stream 9", "stream_item Stream 9 <-5", "completion Stream 9 !It did not work! <-5",
                "close !Connection closed",
            ])
        #expect(talk.summaries[3] == "invocation Add id 123 [1,2]")
        #expect(talk.summaries[4] == "completion Add id 123 3")
        #expect(talk.findings == ["application-error 6", "application-error 7"])
        #expect(talk.conversation.recognition?.description == "signalr, by message 1: a handshake for json")
    }

    /// The examples of "MessagePack (MsgPack) encoding", behind their lengths.
    @Test("in MessagePack")
    func messagePack() {
        var talk = Talk()
        talk.client("{\"protocol\":\"messagepack\",\"version\":1}\u{1E}")
        talk.server("{}\u{1E}")
        talk.client(
            [0x0E, 0x96, 0x01, 0x80, 0xA3, 0x78, 0x79, 0x7A, 0xA4, 0x61, 0x62, 0x63, 0x64, 0x91, 0x2A] + [0x90])
        #expect(talk.findings.first == "application-malformed 3", "a length that is one too short")
        talk.client([0x0F, 0x96, 0x01, 0x80, 0xA3, 0x78, 0x79, 0x7A, 0xA4, 0x61, 0x62, 0x63, 0x64, 0x91, 0x2A, 0x90])
        talk.server([0x0A, 0x95, 0x03, 0x80, 0xA3, 0x78, 0x79, 0x7A, 0x03, 0x2A] + [0x00])
        talk.server([0x02, 0x91, 0x06])
        #expect(talk.lines.dropFirst(2) == ["invocation abcd xyz", "ping ♥"])
        talk.server([0x09, 0x95, 0x03, 0x80, 0xA3, 0x78, 0x79, 0x7A, 0x03, 0x2A])
        #expect(talk.lines.last == "completion abcd xyz <-4")
        talk.server([0x0E, 0x95, 0x03, 0x80, 0xA3, 0x78, 0x79, 0x7B, 0x01, 0xA5, 0x45, 0x72, 0x72, 0x6F, 0x72])
        #expect(talk.lines.last == "completion xy{ !Error")
    }

    @Test(
        "records without a type or without their end are no SignalR",
        arguments: ["{\"type\":6}", "{\"a\":1}\u{1E}", "\u{1E}"])
    func notRecognized(text: String) {
        var talk = Talk()
        talk.client(text)
        #expect(talk.conversation.recognition == nil)
    }

    @Test("a length that lies, and one that has no end")
    func lies() {
        for bytes: [UInt8] in [
            [0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0x91], [0x80], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        ] {
            var talk = Talk(chosen: .signalR)
            talk.server(bytes)
            #expect(talk.findings == ["application-malformed 1"])
        }
    }

    @Test("the handshake may be binary, with messages behind it")
    func binaryHandshake() {
        var talk = Talk()
        talk.client(Array(#"{"protocol":"messagepack","version":1}"#.utf8) + [0x1E])
        talk.server(Array("{}".utf8) + [0x1E, 2, 0x91, 6])
        talk.server([3, 0x92, 7, 0xC0])
        #expect(talk.lines == ["handshake messagepack", "handshake <-1", "ping ♥", "close"])
        #expect(talk.findings.isEmpty)
    }
}
