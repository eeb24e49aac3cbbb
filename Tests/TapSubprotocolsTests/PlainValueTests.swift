import TapSubprotocols
import Testing

@Suite("JSON of any kind")
struct PlainValueTests {
    @Test(
        "gives kind and id",
        arguments: [
            (#"{"type":"message","id":101}"#, "message 101"), (#"{"op":10,"d":{}}"#, "10"), (#"{"a":1}"#, "object"),
            ("[1,2]", "array"), (#"{"event":"x","type":{},"ref":"r"}"#, "x r"), (#"{"cmd":"go","seq":3}"#, "go 3"),
        ])
    func kinds(text: String, line: String) {
        var talk = Talk()
        talk.server(text)
        #expect(talk.lines == [line])
        #expect(talk.items.first?.protocol == .json)
    }

    @Test(
        "other text is nothing",
        arguments: ["", "hello", "42", "\"text\"", "{", "[1", "{a:1}", "null", "2probe", "h", "\n"])
    func nothing(text: String) {
        var talk = Talk()
        talk.client(text)
        talk.server(text)
        talk.finish()
        #expect(talk.items.isEmpty && talk.findings.isEmpty && talk.conversation.recognition == nil)
    }

    @Test("a binary message is shown as fields of Protocol Buffers where somebody says that it is")
    func protobuf() {
        let bytes: [UInt8] = [0x08, 0x96, 0x01, 0x12, 0x04] + Array("pier".utf8)
        var plain = Talk()
        plain.client(bytes)
        #expect(plain.items.isEmpty)
        var talk = Talk(binaryForm: .protobuf)
        talk.client(bytes)
        talk.client("\u{8}\u{1}")
        talk.client([0xFF, 0xFF])
        #expect(talk.summaries == [#"{1: 150, 2: "pier"}"#])
        #expect(talk.items.first?.protocol == .protobuf)
    }

    @Test("a message answers another one where most ids of a side come back once")
    func answers() {
        var talk = Talk()
        for id in 1...4 { talk.client(#"{"id":\#(id),"do":1}"#) }
        for id in 1...4 { talk.server(#"{"id":\#(id),"done":1}"#) }
        #expect(talk.items.map(\.answer?.message) == [nil, nil, nil, nil, nil, nil, 3, 4])
        talk.finish(after: 10)
        #expect(talk.findings.isEmpty)
    }

    @Test("ids of things that are talked about are no answers")
    func topics() {
        var talk = Talk()
        for id in 101...106 { talk.server(#"{"type":"message","id":\#(id)}"#) }
        talk.client(#"{"type":"reaction","id":105}"#)
        talk.server(#"{"type":"reaction","id":105}"#)
        talk.client(#"{"type":"reaction","id":101}"#)
        #expect(talk.items.allSatisfy { $0.answer == nil })
    }
}
