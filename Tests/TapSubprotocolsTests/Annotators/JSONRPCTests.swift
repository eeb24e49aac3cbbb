import TapSubprotocols
import TapWebSocket
import Testing

@Suite("JSON-RPC 2.0")
struct JSONRPCTests {
    /// https://www.jsonrpc.org/specification §7
    @Test("the specification's examples")
    func examples() {
        var talk = Talk()
        talk.client(#"{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}"#)
        talk.server(#"{"jsonrpc": "2.0", "result": 19, "id": 1}"#)
        talk.client(#"{"jsonrpc": "2.0", "method": "update", "params": [1,2,3,4,5]}"#)
        talk.client(#"{"jsonrpc": "2.0", "method": "foobar", "id": "1"}"#)
        talk.server(#"{"jsonrpc": "2.0", "error": {"code": -32601, "message": "Method not found"}, "id": "1"}"#)
        talk.server(#"{"jsonrpc": "2.0", "error": {"code": -32700, "message": "Parse error"}, "id": null}"#)
        #expect(
            talk.lines == [
                "request subtract 1", "response subtract 1 <-1", "notification update", "request foobar 1",
                "error foobar 1 !-32601 <-4", "error !-32700",
            ])
        #expect(
            talk.summaries == [
                "subtract id 1 [42,23]", "subtract id 1 result 19", "update [1,2,3,4,5]", #"foobar id "1""#,
                #"foobar id "1" error -32601 Method not found"#, "id null error -32700 Parse error",
            ])
        #expect(talk.findings == ["application-error 5", "application-error 6"])
        #expect(talk.details.first == "foobar -32601 Method not found")
        #expect(
            talk.conversation.recognition?.description
                == "json-rpc, by message 1: \"jsonrpc\":\"2.0\" with a method or an answer")
    }

    @Test("a batch is an item each")
    func batch() {
        var talk = Talk()
        talk.client(
            #"[{"jsonrpc":"2.0","method":"sum","params":[1,2],"id":"1"},{"jsonrpc":"2.0","method":"notify_hello","params":[7]},"#
                + #"{"jsonrpc":"2.0","method":"get_data","id":"9"}]"#)
        talk.server(#"[{"jsonrpc":"2.0","result":7,"id":"1"},{"jsonrpc":"2.0","result":["hello",5],"id":"9"}]"#)
        #expect(
            talk.lines == [
                "request sum 1", "notification notify_hello", "request get_data 9", "response sum 1 <-1",
                "response get_data 9 <-1",
            ])
        #expect(talk.findings.isEmpty)
    }

    @Test("a notification without a name is called what it is")
    func unnamed() {
        var talk = Talk()
        talk.client(#"{"jsonrpc":"2.0","method":"a"}"#)
        talk.client(#"{"jsonrpc":"2.0","method":""}"#)
        #expect(talk.summaries == ["a", "notification"])
    }

    @Test("both sides may ask under the same id")
    func bothSides() {
        var talk = Talk()
        talk.client(#"{"jsonrpc":"2.0","method":"initialize","id":0}"#)
        talk.server(#"{"jsonrpc":"2.0","method":"workspace/configuration","id":0}"#)
        talk.client(#"{"jsonrpc":"2.0","result":[],"id":0}"#)
        talk.server(#"{"jsonrpc":"2.0","result":{},"id":0}"#, after: 2)
        #expect(
            talk.lines.suffix(2) == ["response workspace/configuration 0 <-2", "response initialize 0 <-1"])
        #expect(talk.items.last?.answer?.latency == 2_020_000_000)
        #expect(talk.findings == ["application-slow 4"])
        #expect(talk.details == ["request initialize was answered after 2.02 s"])
    }

    @Test("an id that is used again while it is open is a finding, a number and a string are two ids")
    func duplicate() {
        var talk = Talk()
        talk.client(#"{"jsonrpc":"2.0","method":"a","id":1}"#)
        talk.client(#"{"jsonrpc":"2.0","method":"b","id":"1"}"#)
        talk.client(#"{"jsonrpc":"2.0","method":"c","id":1}"#)
        #expect(talk.findings == ["application-duplicate-id 3"])
        talk.server(#"{"jsonrpc":"2.0","result":1,"id":1}"#)
        talk.client(#"{"jsonrpc":"2.0","method":"d","id":1}"#)
        #expect(talk.findings.count == 1)
    }

    @Test(
        "what is not JSON-RPC is said to be malformed, once the connection speaks it",
        arguments: [
            (#"{"jsonrpc":"2.0","id":1}"#, "neither a method nor a result nor an error, at byte 0"),
            ("{", "the text ends too early, at byte 1"), ("[]", "an empty batch, at byte 0"),
            ("[1]", "no object, at byte 1"),
            (#"{"jsonrpc":"2.0","method":1,"id":1}"#, "the method is no string, at byte 26"),
            (#"{"jsonrpc":"1.0","method":"x"}"#, #"notification: "jsonrpc" is not "2.0", at byte 0"#),
            (#"{"jsonrpc":"2.0","result":1}"#, "response: an answer without an id, at byte 0"),
        ])
    func malformed(text: String, detail: String) {
        var talk = Talk()
        talk.client(#"{"jsonrpc":"2.0","method":"initialize","id":0}"#)
        talk.client(text)
        #expect(talk.findings == ["application-malformed 2"])
        #expect(talk.details == [detail])
    }

    @Test(
        "one member alone is no JSON-RPC",
        arguments: [
            #"{"jsonrpc":"2.0"}"#, #"{"method":"a","id":1}"#, #"{"jsonrpc":"2.0","id":1}"#, #"{"result":1,"id":1}"#,
        ])
    func notRecognized(text: String) {
        var talk = Talk()
        talk.client(text)
        #expect(talk.conversation.recognition == nil)
        #expect(talk.items.map(\.protocol) == [.json])
        #expect(talk.findings.isEmpty)
    }
}
