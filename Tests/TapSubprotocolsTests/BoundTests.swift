import TapSubprotocols
import TapWebSocket
import Testing

@Suite("Messages that ask for more than there is")
struct BoundTests {
    @Test("a hundred thousand levels of JSON are told, and nothing is made of them")
    func levels() {
        var talk = Talk("jsonrpc")
        let nested = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        talk.client(#"{"jsonrpc":"2.0","method":"a"}"#)
        talk.client(#"{"jsonrpc":"2.0","method":"a","params":"# + nested + "}")
        talk.client(String(repeating: #"{"a":"#, count: 100_000))
        #expect(talk.lines == ["notification a"])
        #expect(talk.findings == ["application-malformed 2", "application-malformed 3"])
        #expect(talk.details.allSatisfy { $0.contains("nested in more than 1000 levels") })
    }

    @Test("of a hundred thousand ids the last thousand are remembered, and it is counted")
    func ids() {
        var talk = Talk()
        for id in 1...100_000 { talk.client(#"{"jsonrpc":"2.0","id":\#(id),"method":"a"}"#) }
        #expect(talk.room.openRequests == 1_024)
        #expect(talk.room.forgottenRequests == 100_000 - 1_024)
        talk.server(#"{"jsonrpc":"2.0","id":98977,"result":0}"#)
        talk.server(#"{"jsonrpc":"2.0","id":98976,"result":0}"#)
        #expect(talk.items.suffix(2).map(\.answer?.message) == [98_977, nil])
        talk.finish()
        #expect(talk.room.openRequests == 0)
    }

    @Test("ids that look alike are not the same")
    func alike() {
        var talk = Talk()
        talk.client(#"{"jsonrpc":"2.0","id":"\u00e9","method":"a"}"#)
        talk.client(#"{"jsonrpc":"2.0","id":"é","method":"b"}"#)
        talk.client("{\"jsonrpc\":\"2.0\",\"id\":\"e\u{301}\",\"method\":\"c\"}")
        talk.server("{\"jsonrpc\":\"2.0\",\"id\":\"e\u{301}\",\"result\":0}")
        #expect(talk.items.last?.name == "c")
        #expect(talk.findings.isEmpty)
    }

    @Test("a length of MQTT that lies makes nothing grow, and what follows belongs to that packet")
    func lengths() {
        var talk = Talk("mqtt")
        talk.client([0x10, 0x0D, 0, 4, 0x4D, 0x51, 0x54, 0x54, 4, 2, 0, 0, 0, 1, 0x61])
        talk.client([0x32, 0xFF, 0xFF, 0xFF, 0x7F, 0, 1, 0x62, 0, 1])
        for _ in 1...1_000 { talk.client([UInt8](repeating: 0x30, count: 10_000)) }
        talk.server([0x20, 2, 0, 0])
        talk.server([0x40, 0xFF, 0xFF, 0xFF, 0xFF, 0x01])
        #expect(talk.items.count <= 1_004)
        #expect(talk.room.openRequests <= 2)
        #expect(talk.findings.last == "application-malformed 1004")
    }

    @Test(
        "arrays, maps and texts that claim to be huge are nothing",
        arguments: [
            [0xDD, 0xFF, 0xFF, 0xFF, 0xFF], [0xDF, 0xFF, 0xFF, 0xFF, 0xFF, 0xA1, 0x61, 1],
            [0xC6, 0xFF, 0xFF, 0xFF, 0xFF],
            [0xDB, 0xFF, 0xFF, 0xFF, 0xFF, 0x61], [0x9B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            [0xBB, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x61, 0x61, 1], [0x7B, 0, 0, 0, 1, 0, 0, 0, 0],
        ] as [[UInt8]])
    func claims(bytes: [UInt8]) {
        var talk = Talk()
        talk.client(bytes)
        talk.client([UInt8](repeating: 0x91, count: 100_000) + [1])
        talk.client([UInt8](repeating: 0xDC, count: 100_000))
        talk.client([UInt8](repeating: 0x9F, count: 100_000))
        #expect(talk.items.isEmpty && talk.findings.isEmpty)
    }
}
