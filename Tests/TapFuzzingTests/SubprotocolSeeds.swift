import TapSubprotocols

/// A talk or two in each protocol, recognised or chosen.
enum SubprotocolSeeds {
    static let all = talks.map { name, start, messages in
        (
            name,
            start
                + messages.flatMap { [$0.flags, UInt8($0.bytes.count >> 8), UInt8($0.bytes.count & 0xFF)] + $0.bytes }
        )
    }

    private struct Message {
        /// 0 and 1: text of the client and the server; 2 and 3: binary. 16 and more: time passes.
        let flags: UInt8
        let bytes: [UInt8]

        init(_ flags: UInt8, _ text: String) { (self.flags, bytes) = (flags | 0x20, Array(text.utf8)) }
        init(_ flags: UInt8, _ bytes: [UInt8]) { (self.flags, self.bytes) = (flags | 0x20, bytes) }
    }

    private static func start(_ chosen: ApplicationProtocol, _ target: UInt8 = 0) -> [UInt8] {
        [UInt8(ApplicationProtocol.allCases.firstIndex(of: chosen) ?? 255), target]
    }

    private static let talks: [(String, [UInt8], [Message])] = [
        (
            "json-rpc", [255, 0],
            [
                Message(0, #"[{"jsonrpc":"2.0","method":"a","id":1},{"jsonrpc":"2.0","method":"b"}]"#),
                Message(1, #"{"jsonrpc":"2.0","error":{"code":-32601,"message":"\u00e9"},"id":1}"#),
            ]
        ),
        (
            "socket-io", [255, 1],
            [
                Message(1, #"0{"sid":"x","pingInterval":1000,"pingTimeout":500}"#), Message(0, #"40/a,{"token":"t"}"#),
                Message(1, #"451-/a,7["b",{"_placeholder":true,"num":0}]"#), Message(3, [1, 2]),
                Message(0, "43/a,7[1]"),
                Message(1, "2"), Message(0, "3"),
            ]
        ),
        (
            "mqtt", start(.mqtt),
            [
                Message(
                    2, [0x10, 0x13, 0, 4, 0x4D, 0x51, 0x54, 0x54, 5, 0xC2, 0, 1, 0, 0, 1, 0x63, 0, 1, 0x75, 0, 1, 0x70]),
                Message(3, [0x20, 3, 0, 0, 0]), Message(2, [0x34, 8, 0, 1, 0x61, 0, 1]), Message(2, [3, 0x23, 0, 1]),
                Message(3, [0x50, 2, 0, 1]), Message(2, [0x62, 2, 0, 1, 0xC0, 0]),
                Message(3, [0x70, 2, 0, 1, 0xD0, 0]),
                Message(2, [0x82, 7, 0, 2, 0, 0, 1, 0x61, 1]), Message(3, [0x90, 4, 0, 2, 0, 0x80]),
                Message(2, [0xE0, 1, 4]),
            ]
        ),
        (
            "graphql", start(.graphQL),
            [
                Message(0, #"{"type":"connection_init","payload":{"a":1}}"#), Message(1, #"{"type":"connection_ack"}"#),
                Message(0, #"{"id":"1","type":"subscribe","payload":{"query":"query A($b: Int) @c { d }"}}"#),
                Message(1, #"{"id":"1","type":"error","payload":[{"message":"no"}]}"#),
            ]
        ),
        (
            "stomp", start(.stomp),
            [
                Message(0, "CONNECT\naccept-version:1.2\npasscode:p\nheart-beat:100,100\n\n\0"),
                Message(1, "CONNECTED\nversion:1.2\nheart-beat:100,100\n\n\0\n"),
                Message(0, "SEND\ndestination:/a\nreceipt:1\ncontent-length:2\n\na\0\0"),
                Message(1, "RECEIPT\nreceipt-id:1\n\n\0"),
            ]
        ),
        (
            "signalr", [255, 0],
            [
                Message(0, "{\"protocol\":\"messagepack\",\"version\":1}\u{1E}"), Message(1, "{}\u{1E}"),
                Message(2, [9, 0x95, 1, 0x80, 0xA1, 0x31, 0xA1, 0x61, 0x91, 7]),
                Message(3, [7, 0x95, 3, 0x80, 0xA1, 0x31, 3, 7]),
            ]
        ),
        (
            "ocpp", start(.ocpp),
            [
                Message(0, #"[2,"1","BootNotification",{}]"#),
                Message(1, #"[3,"1",{"status":"Accepted","interval":1}]"#),
            ]
        ),
        ("wamp", start(.wamp, 0x20), [Message(2, [0, 0, 0, 9, 0x84, 0x18, 0x30, 7, 0xA0, 0x63, 0x63, 0x2E, 0x78])]),
        (
            "sockjs", [255, 3],
            [
                Message(1, "o"), Message(0, #"["CONNECT\naccept-version:1.2\npasscode:x\n\n\u0000"]"#),
                Message(1, #"a["x"]"#),
            ]
        ),
        (
            "phoenix", [255, 4],
            [
                Message(0, #"["1","1","a","phx_join",{"token":"t"}]"#),
                Message(3, [1, 1, 1, 1, 2, 0x31, 0x31, 0x61, 0x6F, 0x6B]),
            ]
        ),
        (
            "kubernetes", start(.kubernetes, 0x40),
            [
                Message(2, [4] + Array(#"{"Width":80,"Height":24}"#.utf8)),
                Message(3, [3] + Array(#"{"status":"Failure"}"#.utf8)),
            ]
        ),
        (
            "jupyter", start(.jupyter),
            [
                Message(
                    0,
                    #"{"channel":"shell","header":{"msg_id":"a","msg_type":"x_request"},"parent_header":{},"content":{}}"#
                )
            ]
        ),
        (
            "sip", start(.sip),
            [
                Message(
                    0,
                    "OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/WS b;branch=c\r\nCSeq: 1 OPTIONS\r\nAuthorization: d\r\n\r\n"
                ),
                Message(1, "SIP/2.0 500 No\r\nv: SIP/2.0/WS b;branch=c\r\nCSeq: 1 OPTIONS\r\n\r\n"), Message(0, "\r\n"),
            ]
        ),
        (
            "xmpp", start(.xmpp),
            [
                Message(0, #"<auth mechanism="PLAIN">cA==</auth>"#),
                Message(0, #"<iq type='get' id="1"><a xmlns="b"/></iq>"#),
                Message(1, #"<iq type="error" id="1"><error><gone/><text><![CDATA[x]]></text></error></iq>"#),
            ]
        ),
        (
            "amqp", start(.amqp),
            [
                Message(2, [0x41, 0x4D, 0x51, 0x50, 0, 1, 0, 0]),
                Message(
                    2,
                    [
                        0, 0, 0, 0x17, 2, 0, 0, 0, 0, 0x53, 0x12, 0xC0, 0x0A, 3, 0xA1, 1, 0x61, 0x43, 0x41, 0xE0, 3, 1,
                        0x40,
                    ]),
                Message(2, [0, 0, 0, 0x14, 2, 0, 0, 0, 0, 0x53, 0x14, 0xC0, 7, 3, 0x43, 0x43, 0xA0, 1, 7, 0x78]),
                Message(3, [0, 0, 0, 0x11, 2, 0, 0, 0, 0, 0x53, 0x15, 0xC0, 4, 2, 0x41, 0x43, 0x78]),
            ]
        ),
        (
            "values", [255, 0],
            [
                Message(0, #"{"type":"a","id":1}"#), Message(2, [0x82, 0xA1, 0x61, 1, 0xA1, 0x62, 0xC4, 1, 0xFF]),
                Message(3, [0xBF, 0x61, 0x61, 0x01, 0xFF]), Message(3, [0xA1, 0x61, 0x61, 0x5F, 0x41, 0x01, 0xFF]),
            ]
        ),
    ]
}
