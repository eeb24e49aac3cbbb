import TapSubprotocols
import Testing

@Suite("SockJS")
struct SockJSTests {
    private static let target = "/echo/123/abcd1234/websocket"

    /// https://sockjs.github.io/sockjs-protocol/sockjs-protocol-0.3.3.html
    @Test("its frames, and STOMP inside them")
    func stomp() {
        var talk = Talk(target: SockJSTests.target)
        talk.server("o")
        talk.client(#"["CONNECT\naccept-version:1.2\npasscode:x\n\n\u0000"]"#)
        talk.server(#"a["CONNECTED\nversion:1.2\n\n\u0000","MESSAGE\ndestination:/a\n\nhi\u0000"]"#)
        talk.server("h")
        talk.server(#"c[3000,"Go away!"]"#)
        #expect(
            talk.lines == [
                "open", "message", "CONNECT", "message", "CONNECTED <-2", "message", "MESSAGE /a", "heartbeat ♥",
                "close 3000",
            ])
        #expect(talk.items.map(\.protocol.rawValue).filter { $0 == "stomp" }.count == 3)
        #expect(talk.secrets == [#""CONNECT\naccept-version:1.2\npasscode:x\n\n\u0000""#])
        #expect(talk.summaries.last == "close 3000 Go away!")
    }

    @Test("text inside is shown as it is")
    func plain() {
        var talk = Talk(target: SockJSTests.target)
        talk.server("o")
        talk.client(#""one""#)
        talk.server(#"a["two","three"]"#)
        #expect(talk.summaries == ["open", "message one", "message two", "message three"])
    }

    @Test("the path alone accuses nobody", arguments: ["hello", "a", "a[1]", "{}", "c[1]"])
    func refuted(text: String) {
        var talk = Talk(target: SockJSTests.target)
        for _ in 0..<5 { talk.server(text) }
        #expect(talk.findings.isEmpty && talk.conversation.recognition == nil)
    }

    @Test(
        "other paths are none",
        arguments: ["/echo/websocket", "/echo/12/abcd1234/websocket", "/echo/1234/abcd1234/websocket"])
    func paths(target: String) {
        var talk = Talk(target: target)
        talk.server("o")
        #expect(talk.conversation.recognition == nil && talk.items.isEmpty)
    }
}
