import TapCore
import TapSubprotocols
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Messages that nobody would send")
struct HostileTests {
    /// A message of each kind, to be broken.
    private static let messages: [[UInt8]] =
        [
            #"[{"jsonrpc":"2.0","method":"a","id":1},{"jsonrpc":"2.0","error":{"code":1,"message":"\ud83d\ude00"},"id":1}]"#,
            #"0{"sid":"x","pingInterval":1000,"pingTimeout":500}"#, #"452-/a,7["b",{"_placeholder":true,"num":0}]"#,
            #"{"id":"1","type":"subscribe","payload":{"query":"query A($b: Int = \"x\") @c { d }"}}"#,
            "CONNECT\naccept-version:1.2\npasscode:p\nheart-beat:100,100\n\n\0SEND\ncontent-length:2\nreceipt:1\n\na\0\0",
            "{\"protocol\":\"json\",\"version\":1}\u{1E}{\"type\":3,\"invocationId\":\"1\",\"error\":\"e\"}\u{1E}",
            #"[2,"1","BootNotification",{}]"#, #"[3,"1",{"status":"Accepted","interval":9223372036854775807}]"#,
            #"[8,48,1,{},"a.b",["c"]]"#, #"["1","1","a","phx_join",{"token":"t"}]"#, #"a["0{\"sid\":\"x\"}","h"]"#,
            #"{"command":"subscribe","identifier":"{\"channel\":\"C\"}"}"#,
            #"{"event":"pusher:subscribe","data":"{\"channel\":\"c\",\"auth\":\"a\"}"}"#,
            #"{"channel":"shell","header":{"msg_id":"a","msg_type":"x_request"},"parent_header":{},"content":{}}"#,
            "REGISTER sip:a SIP/2.0\r\nv: SIP/2.0/WS b;branch=c\r\nCSeq: 1 REGISTER\r\nAuthorization: d\r\n\r\n",
            #"<iq type='error' id="1"><error><gone/><![CDATA[x]]></error></iq>"#,
        ].map { Array($0.utf8) } + [
            [0x10, 0x13, 0, 4, 0x4D, 0x51, 0x54, 0x54, 5, 0xC2, 0, 1, 0, 0, 1, 0x63, 0, 1, 0x75, 0, 1, 0x70],
            [0x34, 10, 0, 1, 0x61, 0, 1, 3, 0x23, 0, 1, 0x62, 0x62, 2, 0, 1, 0x82, 7, 0, 2, 0, 0, 1, 0x61, 1],
            [9, 0x95, 1, 0x80, 0xA1, 0x31, 0xA1, 0x61, 0x91, 7], [0x84, 0x18, 0x30, 7, 0xA0, 0x63, 0x63, 0x2E, 0x78],
            [3] + Array(#"{"status":"Failure","details":{"causes":[{"reason":"ExitCode","message":"3"}]}}"#.utf8),
            [
                0x41, 0x4D, 0x51, 0x50, 0, 1, 0, 0, 0, 0, 0, 0x14, 2, 0, 0, 0, 0, 0x53, 0x12, 0xC0, 7, 3, 0xA1, 1, 0x61,
                0x43, 0x41,
            ],
            [
                0, 0, 0, 0x19, 2, 0, 0, 0, 0, 0x53, 0x15, 0xC0, 12, 3, 0x41, 0x80, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                0xFF, 0xFF, 0x43,
            ],
            [6, 0, 0, 0, 0, 0, 0, 0, 56, 0, 0, 0, 0, 0, 0, 0, 57, 0, 0, 0, 0, 0, 0, 0],
        ]

    private static let encodings = [
        nil, "wamp.2.msgpack", "wamp.2.cbor.batched", "wamp.2.json.batched", "v4.base64.channel.k8s.io", "graphql-ws",
    ]

    @Test("break nothing in any protocol, and no limit", arguments: ApplicationProtocol.allCases)
    func broken(chosen: ApplicationProtocol) {
        var generator = SeededGenerator(seed: ApplicationProtocol.allCases.firstIndex(of: chosen) ?? 0)
        for encoding in HostileTests.encodings {
            var limits = ApplicationLimits()
            limits.openRequests = 4
            limits.itemsPerMessage = 16
            var talk = Talk(encoding, target: "/portforward", chosen: chosen, limits: limits)
            for number in 1...150 {
                let payload = HostileTests.mutated(&generator)
                let time = Timestamp(nanoseconds: Int64.random(in: .min ... .max, using: &generator))
                if Bool.random(using: &generator) { talk.lose(Bool.random(using: &generator) ? .client : .server) }
                let before = talk.items.count
                talk.receive(
                    payload,
                    ApplicationMessage(
                        number: number, sender: Bool.random(using: &generator) ? .client : .server,
                        isText: Bool.random(using: &generator), firstTime: time, time: time))
                #expect(talk.items.count - before <= limits.itemsPerMessage)
                #expect((0...limits.openRequests).contains(talk.room.openRequests))
                for item in talk.items[before...] {
                    #expect(!item.kind.isEmpty && !item.summary.isEmpty, "\(item)")
                    #expect(item.secrets.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= payload.count }, "\(item)")
                }
            }
            talk.finish()
            #expect(talk.room.openRequests == 0)
        }
    }

    private static func mutated(_ generator: inout SeededGenerator) -> [UInt8] {
        guard var bytes = messages.randomElement(using: &generator) else { return [] }
        for _ in 0..<Int.random(in: 0...3, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0...4, using: &generator) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.remove(at: place)
            case 2: bytes.removeLast(bytes.count - place)
            case 3: bytes.insert(bytes[place], at: place)
            default: bytes += messages.randomElement(using: &generator) ?? []
            }
        }
        return bytes
    }
}
