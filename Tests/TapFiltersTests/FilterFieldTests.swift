import TapAnalysis
import TapCore
import TapFilters
import TapTestSupport
import TapWebSocket
import Testing

@Suite("The fields of filters")
struct FilterFieldTests {
    /// A filter that holds for something of the conversation below, and one that holds for nothing of it.
    static let rows: [(field: FilterField, holds: String, fails: String)] = [
        (.type, "type == frame", "type == comment"),
        (.connection, "connection == 1", "connection > 1"),
        (.sender, "sender == server", "not (sender == client or sender == server or type in {handshake, connection})"),
        (.verdict, "verdict == valid", "verdict in {invalid, refused}"),
        (.finding, "finding == frame-reserved-opcode", "finding == close-missing"),
        (.severity, "severity >= error", "severity < note"),
        (.heartbeat, "heartbeat == websocket", "heartbeat == phoenix"),
        (.incomplete, "incomplete == false", "incomplete"),
        (.frameNumber, "frame.number == 4", "frame.number > 1000"),
        (.frameTimeRelative, "frame.time_relative == 0.003", "frame.time_relative > 60"),
        (.frameTimeEpoch, "frame.time_epoch == 1700000000.003", "frame.time_epoch < 1700000000"),
        (.frameComment, "frame.comment contains 'hangs'", "frame.comment == ''"),
        (.ipAddress, "ip.addr == 192.0.2.0/24", "ip.addr == 10.0.0.0/8"),
        (.ipSource, "ip.src == 198.51.100.2 and sender == server", "ip.src == 198.51.100.2 and sender == client"),
        (.ipDestination, "ip.dst == 192.0.2.1 and sender == server", "ip.dst == 192.0.2.1 and sender == client"),
        (.ipv6Address, "ipv6.addr == 2001:db8::/32", "ipv6.addr == 192.0.2.1"),
        (.ipv6Source, "ipv6.src == 2001:db8::1 and sender == client", "ipv6.src == 2001:db8::1 and sender == server"),
        (
            .ipv6Destination, "ipv6.dst == 2001:db8::1 and sender == server",
            "ipv6.dst == 2001:db8::1 and sender == client"
        ),
        (.tcpPort, "tcp.port == 49152", "tcp.port == 443"),
        (.tcpSourcePort, "tcp.srcport == 80 and sender == server", "tcp.srcport == 80 and sender == client"),
        (.tcpDestinationPort, "tcp.dstport in {79..81} and sender == client", "tcp.dstport == 80 and sender == server"),
        (.clientAddress, "client.ip == 192.0.2.1", "client.ip != 192.0.2.1 and client.ip != 2001:db8::1"),
        (.clientPort, "client.port == 49152", "client.port == 80"),
        (.serverAddress, "server.ip in {198.51.100.0..198.51.100.9}", "server.ip == 192.0.2.1"),
        (.serverPort, "server.port == 80", "server.port != 80"),
        (.vlan, "vlan.id == 5", "vlan.id > 4095"),
        (.vni, "vni == 99", "vni == 0"),
        (.host, "host == server.example.com", "host contains 'Server'"),
        (.path, "path == /chat/room", "path contains '?'"),
        (.query, "query == 'user=7'", "query contains 'room'"),
        (.origin, "origin == https://example.com", "origin == ''"),
        (.subprotocol, "subprotocol == chat.v2", "subprotocol == chat.v1"),
        (.httpRequest, "http.request", "not http.request and type == frame"),
        (.httpRequestMethod, "http.request.method == GET", "http.request.method == POST"),
        (.httpRequestURI, "http.request.uri == '/chat/room?user=7'", "http.request.uri == /chat"),
        (.httpRequestVersion, "http.request.version == HTTP/1.1", "http.request.version == HTTP/1.0"),
        (.httpRequestLine, "http.request.line == 'X-Trace: 42'", "http.request.line contains 'Accept:'"),
        (.httpHost, "http.host == Server.Example.com:80", "http.host == server.example.com"),
        (.httpUserAgent, "http.user_agent matches '^Test/[0-9]'", "http.user_agent == ''"),
        (.httpReferer, "http.referer contains page", "http.referer == page"),
        (.httpCookie, "http.cookie == 'a=b'", "http.cookie == 'a=c'"),
        (.httpAuthorization, "http.authorization contains Basic", "http.authorization contains Bearer"),
        (.httpConnection, "http.connection == Upgrade", "http.connection == close"),
        (.httpUpgrade, "http.upgrade == websocket", "http.upgrade == h2c"),
        (.httpWebSocketKey, "http.sec_websocket_key contains '=='", "http.sec_websocket_key == ''"),
        (.httpWebSocketAccept, "len(http.sec_websocket_accept) == 28", "len(http.sec_websocket_accept) < 28"),
        (.httpWebSocketVersion, "http.sec_websocket_version == 13", "http.sec_websocket_version != 13"),
        (
            .httpWebSocketProtocol, "http.sec_websocket_protocol == 'chat.v1, chat.v2'",
            "http.sec_websocket_protocol == mqtt"
        ),
        (
            .httpWebSocketExtensions, "http.sec_websocket_extensions == permessage-deflate",
            "http.sec_websocket_extensions contains bbf"
        ),
        (.httpResponse, "http.response == true", "http.response == false"),
        (.httpResponseCode, "http.response.code == 101", "http.response.code >= 400"),
        (.httpResponsePhrase, "http.response.phrase contains Switching", "http.response.phrase == OK"),
        (.httpResponseVersion, "http.response.version == HTTP/1.1", "http.response.version == HTTP/2"),
        (.httpResponseLine, "lower(http.response.line) contains 'upgrade: '", "http.response.line contains Cookie"),
        (.httpTime, "http.time == 0.002", "http.time > 1"),
        (.transport, "transport == h2c", "transport == h2"),
        (.http2Stream, "http2.streamid == 1", "http2.streamid > 1"),
        (.http2Method, "http2.headers.method == CONNECT", "http2.headers.method == GET"),
        (.http2Scheme, "http2.headers.scheme == https", "http2.headers.scheme == http"),
        (
            .http2Authority, "http2.headers.authority == 'Server.Example.com:80'",
            "http2.headers.authority == server.example.com"
        ),
        (.http2Path, "http2.headers.path == '/chat/room?user=7'", "http2.headers.path contains '#'"),
        (.http2Status, "http2.headers.status == 200", "http2.headers.status == 101"),
        (.http2ResetError, "http2.rst_stream.error == 8", "http2.rst_stream.error == 0"),
        (.webSocket, "websocket", "not websocket and type == frame"),
        (.number, "websocket.number == 3", "websocket.number == 0"),
        (.fin, "not websocket.fin and type == frame", "websocket.fin and websocket.number == 2"),
        (.rsv, "websocket.rsv == 4", "websocket.rsv == 7"),
        (.rsv1, "websocket.rsv1", "websocket.rsv1 and websocket.rsv != 4"),
        (.rsv2, "websocket.rsv2 == 0", "websocket.rsv2"),
        (.rsv3, "websocket.rsv3 == 0", "websocket.rsv3 == 1"),
        (.opcode, "websocket.opcode == ping", "websocket.opcode == 15"),
        (.mask, "websocket.mask == 1 and sender == client", "websocket.mask and sender == server"),
        (.maskingKey, "websocket.masking_key == de:ad:be:ef", "websocket.masking_key and sender == server"),
        (.payloadLength, "websocket.payload_length == 300", "websocket.payload_length == 126"),
        (.payload, "websocket.payload == de:ad", "websocket.payload contains de:ae"),
        (.payloadText, "websocket.payload.text == plain", "websocket.payload.text == 'in parts'"),
        (.payloadContinuation, "websocket.payload.continue == 'arts'", "websocket.payload.continue contains plain"),
        (.payloadPing, "websocket.payload.ping == 'are you there'", "websocket.payload.ping == 'yes'"),
        (.payloadPong, "websocket.payload.pong == 'are you there'", "websocket.payload.pong == 'no'"),
        (
            .closeStatusCode, "websocket.payload.close.status_code == 1001",
            "websocket.payload.close.status_code in {1002..1015}"
        ),
        (.closeReason, "websocket.payload.close.reason == bye", "websocket.payload.close.reason == ''"),
        (.tlsVersion, "tls.version == 'TLS 1.3'", "tls.version == 'TLS 1.2'"),
        (.tlsCipher, "tls.cipher contains AES_128_GCM", "tls.cipher contains CBC"),
        (
            .tlsServerName, "tls.handshake.extensions_server_name == tls.example",
            "tls.handshake.extensions_server_name == ''"
        ),
        (
            .tlsProtocol, "tls.handshake.extensions_alpn_str == http/1.1",
            "tls.handshake.extensions_alpn_str == h2"
        ),
        (.tlsRandom, "len(tls.handshake.random) == 32", "len(tls.handshake.random) < 32"),
        (.tlsKeys, "tls.keys == key-log", "tls.keys == search"),
        (.tlsReason, "tls.reason == no-key", "tls.reason == wrong-key"),
        (.message, "message == 2", "message == 99"),
        (.messageText, "message.text == 'in parts'", "message.text contains xyz"),
        (.messagePayload, "message.payload == de:ad", "message.payload == be:ef"),
        (.messageLength, "message.length == 300", "message.length > 300"),
        (.messageWireLength, "message.wire_length < 300 and message.length == 300", "message.wire_length > 300"),
        (.messageFrames, "message.frames == 2", "message.frames > 2"),
        (.messageCompressed, "message.compressed", "message.compressed and websocket.opcode == binary"),
        (.messageOpcode, "message.opcode == binary", "message.opcode == continuation"),
        (.appProtocol, "app.protocol == json-rpc", "app.protocol == mqtt"),
        (.appKind, "app.kind == error", "app.kind == PUBLISH"),
        (.appName, "app.name == tide.now", "app.name contains ebb"),
        (.appID, "app.id == 7", "app.id == 8"),
        (.appError, "app.error", "app.error and sender == client"),
        (.appLatency, "app.latency > 0.0005 and app.latency < 1", "app.latency > 1"),
        (.appSummary, "app.summary contains 'no tide'", "app.summary == ''"),
        (.json, "json.method == tide.now and json[\"params\"][\"at\"][1] == 2", "json.id == \"7\""),
        (.duration, "duration > 0.001", "duration > 60"),
        (.closeInitiator, "close.initiator == client", "close.initiator == server"),
        (.closeInitiatedBy, "close.initiated_by == close", "close.initiated_by == rst"),
        (.closeCode, "close.code == 1001", "close.code == 1000"),
        (.closeClean, "close.clean", "close.clean == false"),
        (.closeOutcome, "close.outcome == normal", "close.outcome == failed"),
        (.closeEndedBy, "close.ended_by == fin", "close.ended_by != fin"),
        (.closeIdle, "close.idle_seconds >= 0", "close.idle_seconds > 60"),
        (.tcpRoundTrip, "tcp.analysis.initial_rtt == 0.002", "tcp.analysis.initial_rtt > 1"),
        (.tcpRetransmission, "tcp.analysis.retransmission == 1", "tcp.analysis.retransmission > 1"),
        (.tcpZeroWindow, "tcp.analysis.zero_window == 0.001", "tcp.analysis.zero_window > 1"),
    ]

    private static let session = SealedSession(0x1301, seed: 3)

    /// The fields that the conversation over IPv4 does not have.
    private static let ipv6: Set<FilterField> = [.ipv6Address, .ipv6Source, .ipv6Destination]

    @Test("each has a row")
    func complete() {
        #expect(Set(FilterFieldTests.rows.map(\.field)) == Set(FilterField.allCases))
        #expect(FilterFieldTests.rows.count == FilterField.allCases.count)
    }

    @Test("each holds for what it says, and for nothing else", arguments: rows.map(\.field))
    func field(field: FilterField) throws {
        let row = try #require(FilterFieldTests.rows.first { $0.field == field })
        #expect(try FilterExpression(row.holds).fields.contains(field))
        #expect(try FilterExpression(row.fails).fields.contains(field))
        guard field != .frameComment else { return try comment(row.holds, row.fails) }
        let packets = FilterFieldTests.packets(of: field)
        let change = { (options: inout AnalysisOptions) in
            options.observesMessages = true
            if field != .tlsReason { options.tls.supply = FilterFieldTests.session }
        }
        let held = try Filtered(packets, row.holds, showing: change)
        let failed = try Filtered(packets, row.fails, showing: change)
        #expect(!held.records.isEmpty)
        #expect(failed.records.isEmpty, "\(failed.records)")
        if !field.kinds.isEmpty { #expect(!field.kinds.isDisjoint(with: held.kinds), "\(held.records)") }
    }

    /// A comment is not observed, but asked about.
    private func comment(_ holds: String, _ fails: String) throws {
        let time = Timestamp(nanoseconds: 0)
        let comment = CaptureComment(.packet(PacketNumber(9), time), Array("here it hangs".utf8))
        for (filter, passes) in [(holds, true), (fails, false), ("frame.number == 9", true), ("finding", false)] {
            var options = AnalysisOptions()
            var filter = DisplayFilter(try FilterExpression(filter), extending: &options, payloadLimit: 0)
            let isShown = filter.passes(comment, start: time)
            let isSectionShown = filter.passes(CaptureComment(.section, []), start: time)
            #expect(isShown == passes)
            #expect(isSectionShown)
        }
    }

    private static func packets(of field: FilterField) -> [CapturedPacket] {
        let isIPv6 = ipv6.contains(field)
        let segments = conversation(
            isIPv6 ? Endpoint("2001:db8::1", 49_152) : Endpoint("192.0.2.1", 49_152),
            isIPv6 ? Endpoint("2001:db8::2", 80) : Endpoint("198.51.100.2", 80)
        ).segments
        switch field {
        case .vlan: return segments.packets(.vlan)
        case .tlsVersion, .tlsCipher, .tlsServerName, .tlsProtocol, .tlsRandom, .tlsKeys, .tlsReason:
            return segments.secured(by: session)?.packets() ?? []
        case .transport, .http2Stream, .http2Method, .http2Scheme, .http2Authority, .http2Path, .http2Status:
            return segments.multiplexed(handshake)?.packets() ?? []
        case .http2ResetError:
            var talk = Multiplexed()
            talk.upgrade(1)
            talk.reset(1, .client, 8)
            return talk.conversation.segments.packets()
        case .tcpRetransmission, .tcpZeroWindow: return troubled(segments).packets()
        case .vni: return segments.enumerated().map { $1.inVXLAN(number: $0 + 1) }
        default: return segments.packets()
        }
    }

    /// The same with a window that is closed for a millisecond, and a segment that is sent again.
    private static func troubled(_ segments: [ScriptedSegment]) -> [ScriptedSegment] {
        var segments = segments
        let index = segments.indices.dropFirst().first {
            segments[$0].sender == .client && segments[$0].payload.isEmpty && !segments[$0 - 1].payload.isEmpty
        }
        guard let index else { return [] }
        var closing = segments[index]
        closing.window = 0
        segments.insert(contentsOf: [closing, segments[index], segments[index - 1]], at: index)
        return segments
    }

    private static var handshake: HandshakeBytes {
        var handshake = HandshakeBytes(
            target: "/chat/room?user=7", protocols: "chat.v1, chat.v2", chosenProtocol: "chat.v2",
            extensions: "permessage-deflate", chosenExtensions: "permessage-deflate")
        handshake.request.set("Host", to: "Server.Example.com:80")
        for (name, value) in [
            ("Origin", "https://example.com"), ("User-Agent", "Test/1"), ("Referer", "https://example.com/page"),
            ("Cookie", "a=b"), ("Authorization", "Basic x"), ("X-Trace", "42"),
        ] {
            handshake.request.add(name, value)
        }
        return handshake
    }

    private static func conversation(_ client: Endpoint, _ server: Endpoint) -> Conversation {
        var conversation = Conversation(client: client, server: server)
        conversation.upgrade(handshake)
        conversation.send(FrameBytes(text: "plain", maskingKey: 0xDEAD_BEEF), from: .client)
        conversation.send(FrameBytes(text: "in p").unfinished, from: .server)
        conversation.send(FrameBytes(.continuation, Array("arts".utf8)), from: .server)
        conversation.send(FrameBytes(.binary, [0xDE, 0xAD]), from: .client)
        let long = Deflater().message([UInt8](repeating: 0x61, count: 300))
        conversation.send(FrameBytes(.text, long).compressed, from: .server)
        conversation.send(FrameBytes(.binary, [UInt8](repeating: 1, count: 300)), from: .server)
        conversation.send(FrameBytes(.ping, Array("are you there".utf8)), from: .client)
        conversation.send(FrameBytes(.pong, Array("are you there".utf8)), from: .server)
        conversation.send(FrameBytes(Opcode(rawValue: 3), []), from: .server)
        let call = #"{"jsonrpc":"2.0","id":7,"method":"tide.now","params":{"at":[1,2]}}"#
        conversation.send(text: call, from: .client)
        let failure = #"{"jsonrpc":"2.0","id":7,"error":{"code":-32000,"message":"no tide"}}"#
        conversation.send(text: failure, from: .server)
        conversation.close(by: .client, 1001, "bye")
        return conversation
    }
}

extension Filtered {
    /// The kinds of records that passed.
    fileprivate var kinds: Set<RecordKind> {
        Set(
            records.compactMap {
                $0.hasPrefix("end") ? .connection : RecordKind(rawValue: String($0.prefix { $0 != " " }))
            })
    }
}

extension ScriptedSegment {
    /// In a virtual network.
    fileprivate func inVXLAN(number: Int) -> CapturedPacket {
        let (protocolNumber, payload) = Tunneling.vxlan.wrap(ip, isIPv6: false)
        var outer = IPv4Bytes(payload)
        outer.protocolNumber = protocolNumber
        let packet = CapturedPacket(outer)
        let time = Int64(number) * 1_000_000
        return CapturedPacket(
            packet.bytes, packet.header.linkType, number: UInt64(number), nanoseconds: time,
            originalLength: packet.bytes.count)
    }
}
