import TapAnalysis
import TapSubprotocols
import TapWebSocket

/// What is said of each field in the documentation.
extension FilterField {
    public var type: FilterType {
        switch self {
        case .type: .name(of: FilterField.kindNames, isOrdered: false)
        case .sender, .closeInitiator: .name(of: FilterField.senderNames, isOrdered: false)
        case .verdict: .name(of: FilterField.verdictNames, isOrdered: false)
        case .finding: .name(of: FilterField.findingNames, isOrdered: false)
        case .severity: .name(of: FilterField.severityNames, isOrdered: true)
        case .heartbeat: .name(of: FilterField.heartbeatNames, isOrdered: false)
        case .appProtocol: .name(of: FilterField.protocolNames, isOrdered: false)
        case .json: .json
        case .closeInitiatedBy: .name(of: FilterField.signNames, isOrdered: false)
        case .closeOutcome: .name(of: FilterField.outcomeNames, isOrdered: false)
        case .closeEndedBy: .name(of: FilterField.causeNames, isOrdered: false)
        case .transport: .name(of: FilterField.transportNames, isOrdered: false)
        case .incomplete, .webSocket, .httpRequest, .httpResponse, .fin, .rsv1, .rsv2, .rsv3, .mask, .messageCompressed,
            .closeClean, .appError:
            .boolean
        case .frameTimeRelative, .frameTimeEpoch, .duration, .closeIdle, .httpTime, .appLatency,
            .tcpRoundTrip, .tcpZeroWindow:
            .seconds
        case .ipAddress, .ipSource, .ipDestination, .ipv6Address, .ipv6Source, .ipv6Destination, .clientAddress,
            .serverAddress:
            .address
        case .maskingKey, .payload, .payloadContinuation, .payloadPing, .payloadPong, .messagePayload, .tlsRandom:
            .bytes
        case .opcode, .messageOpcode: .number(names: FilterField.opcodeNames)
        case .connection, .frameNumber, .tcpPort, .tcpSourcePort, .tcpDestinationPort, .clientPort, .serverPort, .vlan,
            .vni, .httpResponseCode, .http2Stream, .http2Status, .http2ResetError, .number, .rsv, .payloadLength,
            .closeStatusCode, .message, .messageLength,
            .messageWireLength, .messageFrames, .closeCode, .tcpRetransmission:
            .number
        case .frameComment, .host, .path, .query, .origin, .subprotocol, .httpRequestMethod, .httpRequestURI,
            .httpRequestVersion, .httpRequestLine, .httpHost, .httpUserAgent, .httpReferer, .httpCookie,
            .httpAuthorization, .httpConnection, .httpUpgrade, .httpWebSocketKey, .httpWebSocketAccept,
            .httpWebSocketVersion, .httpWebSocketProtocol, .httpWebSocketExtensions, .httpResponsePhrase,
            .httpResponseVersion, .httpResponseLine, .http2Method, .http2Scheme, .http2Authority, .http2Path,
            .payloadText, .closeReason, .messageText, .tlsVersion, .tlsCipher,
            .tlsServerName, .tlsProtocol, .tlsKeys, .tlsReason, .appKind,
            .appName, .appID, .appSummary:
            .text
        }
    }

    // Made once: types are asked for with every record.
    private static let kindNames = RecordKind.allCases.map(\.rawValue)
    private static let signNames = ConnectionClose.Sign.allCases.map(\.rawValue)
    private static let causeNames = ConnectionClose.Cause.allCases.map(\.rawValue)
    private static let transportNames = TunnelStream.Transport.allCases.map(\.rawValue)
    private static let senderNames = Sender.allCases.map(\.rawValue)
    private static let verdictNames = Verdict.allCases.map(\.rawValue)
    private static let findingNames = FindingID.allCases.map(\.rawValue)
    private static let severityNames = Severity.allCases.sorted().map(\.rawValue)
    private static let outcomeNames = ConnectionClose.Outcome.allCases.map(\.rawValue)
    private static let heartbeatNames = ["websocket"] + ApplicationHeartbeat.allCases.map(\.rawValue)
    private static let protocolNames = ApplicationProtocol.allCases.map(\.rawValue)

    /// The names of opcodes by number; reserved ones have none.
    private static let opcodeNames = (0...10).map { number -> String in
        let opcode = Opcode(rawValue: UInt8(number))
        return opcode.isReserved ? "" : opcode.description
    }

    public var meaning: String {
        switch self {
        case .type: "the kind of record"
        case .connection: "the connection's number"
        case .sender: "who sent it, or whose doing it is"
        case .verdict: "of the handshake"
        case .finding: "what was found: of a handshake or a frame, all its findings"
        case .severity: "of the findings; `note` < `warning` < `error`"
        case .heartbeat: "the protocol whose heartbeat it is; `websocket` are pings and pongs"
        case .incomplete: "whether the capture does not hold all of it"
        case .frameNumber: "the packet that it ends in; of a handshake, those of the request and of the response"
        case .frameTimeRelative: "time since the first packet"
        case .frameTimeEpoch: "time since 1970-01-01 UTC"
        case .frameComment: "what somebody wrote into the capture file about a packet"
        case .ipAddress: "the IPv4 addresses of both peers"
        case .ipSource: "the IPv4 address of the sender"
        case .ipDestination: "the IPv4 address of the receiver"
        case .ipv6Address: "the IPv6 addresses of both peers"
        case .ipv6Source: "the IPv6 address of the sender"
        case .ipv6Destination: "the IPv6 address of the receiver"
        case .tcpPort: "the ports of both peers"
        case .tcpSourcePort: "the port of the sender"
        case .tcpDestinationPort: "the port of the receiver"
        case .clientAddress: "the client's address, IPv4 or IPv6"
        case .clientPort: "the client's port"
        case .serverAddress: "the server's address, IPv4 or IPv6"
        case .serverPort: "the server's port"
        case .vlan: "the VLANs that the client was seen in"
        case .vni: "the virtual networks (VXLAN, Geneve, NVGRE, LISP, 802.1ah)"
        case .host: "the host that was asked for, in small letters: with its port, and without"
        case .path: "the request's target up to the question mark"
        case .query: "the request's target after the question mark"
        case .origin: "the field Origin"
        case .subprotocol: "what the server chose"
        case .httpRequest: "true where the request was captured"
        case .httpRequestMethod: "the request's method"
        case .httpRequestURI: "the request's target"
        case .httpRequestVersion: "the request's HTTP version"
        case .httpRequestLine: "each field of the request, as `Name: value`"
        case .httpHost: "the field Host"
        case .httpUserAgent: "the field User-Agent"
        case .httpReferer: "the field Referer"
        case .httpCookie: "the field Cookie"
        case .httpAuthorization: "the field Authorization"
        case .httpConnection: "the field Connection, of the request and of the response"
        case .httpUpgrade: "the field Upgrade, of the request and of the response"
        case .httpWebSocketKey: "the field Sec-WebSocket-Key"
        case .httpWebSocketAccept: "the field Sec-WebSocket-Accept"
        case .httpWebSocketVersion: "the field Sec-WebSocket-Version, of the request and of the response"
        case .httpWebSocketProtocol: "the field Sec-WebSocket-Protocol, of the request and of the response"
        case .httpWebSocketExtensions: "the field Sec-WebSocket-Extensions, of the request and of the response"
        case .httpResponse: "true where the response was captured"
        case .httpResponseCode: "the response's status"
        case .httpResponsePhrase: "the response's reason phrase"
        case .httpResponseVersion: "the response's HTTP version"
        case .httpResponseLine: "each field of the response, as `Name: value`"
        case .httpTime: "from the request to the response"
        case .transport:
            "what carries the stream that the connection is: HTTP/2 in TLS or in the clear, or HTTP/3; absent for HTTP/1.1"
        case .http2Stream: "the number of that stream"
        case .http2Method: "the pseudo-field `:method`"
        case .http2Scheme: "the pseudo-field `:scheme`"
        case .http2Authority: "the pseudo-field `:authority`"
        case .http2Path: "the pseudo-field `:path`"
        case .http2Status: "the pseudo-field `:status`"
        case .http2ResetError: "the code of the RST_STREAM that ended the stream"
        case .tlsVersion: "the version of TLS, as `TLS 1.3`; absent in the clear"
        case .tlsCipher: "the cipher suite's name"
        case .tlsServerName: "the host that the client named in TLS"
        case .tlsProtocol: "the protocol that the server chose by ALPN"
        case .tlsRandom: "the client random, by which key logs name a session"
        case .tlsKeys: "where the keys came from: `key-log`, `capture`, `search` or `rsa-key`"
        case .tlsReason: "why a connection of TLS was not read"
        case .webSocket: "true for frames and messages"
        case .number: "the frame's number in its connection"
        case .fin: "the flag FIN"
        case .rsv: "the three reserved bits, 0 to 7"
        case .rsv1: "the flag RSV1"
        case .rsv2: "the flag RSV2"
        case .rsv3: "the flag RSV3"
        case .opcode: "the opcode, by number or name"
        case .mask: "whether it is masked"
        case .maskingKey: "the masking key"
        case .payloadLength:
            "the payload's length, however it is written (in Wireshark 126 and 127 stand for longer ones)"
        case .payload: "the payload, unmasked, otherwise as on the wire"
        case .payloadText: "the payload of a text frame, inflated"
        case .payloadContinuation: "the payload of a continuation"
        case .payloadPing: "the payload of a ping"
        case .payloadPong: "the payload of a pong"
        case .closeStatusCode: "the code of a close frame"
        case .closeReason: "the reason in a close frame"
        case .message: "the message's number in its connection"
        case .messageText: "the text of the whole message, inflated"
        case .messagePayload: "the payload of the whole message, inflated, text or not"
        case .messageLength: "its length, inflated"
        case .messageWireLength: "its length on the wire"
        case .messageFrames: "how many frames it has"
        case .messageCompressed: "whether it was sent compressed"
        case .messageOpcode: "`text` or `binary`; `continuation` where its beginning was not captured"
        case .appProtocol: "the protocol that the message belongs to, by its name in `--decode-as`"
        case .appKind: "the protocol's own word for what it is: `PUBLISH`, `request`, `event`"
        case .appName: "what it is about: a method, a topic, a destination"
        case .appID: "the protocol's own id"
        case .appError: "whether the protocol says that something failed"
        case .appLatency: "how long after the request this answer came"
        case .appSummary: "what the table shows of it"
        case .json: "a member of a message that is JSON, as `json.method` or `json[\"params\"][\"id\"]`"
        case .duration: "how long the connection was open"
        case .closeInitiator: "who ended it"
        case .closeInitiatedBy: "by what"
        case .closeCode: "what the first close frame said"
        case .closeClean: "whether both sent a close frame"
        case .closeOutcome: "what the end means: `failed` are the codes 1002 to 1014, `cut` is without a close frame"
        case .closeEndedBy: "what ended the TCP connection or the stream"
        case .closeIdle: "how long nothing had been exchanged before the end"
        case .tcpRoundTrip: "the round trip of TCP's handshake"
        case .tcpRetransmission: "how many segments a peer sent again; absent where it is none"
        case .tcpZeroWindow: "how long a peer took nothing, by a window of zero; absent where it always did"
        }
    }

    /// The records that have it; empty where all records of a connection have.
    public var kinds: Set<RecordKind> {
        switch self {
        case .type, .connection, .verdict, .ipAddress, .ipv6Address, .tcpPort, .clientAddress, .clientPort,
            .serverAddress, .serverPort, .vlan, .vni, .host, .path, .query, .origin, .subprotocol, .httpRequest,
            .httpRequestMethod, .httpRequestURI, .httpRequestVersion, .httpRequestLine, .httpHost, .httpUserAgent,
            .httpReferer, .httpCookie, .httpAuthorization, .httpConnection, .httpUpgrade, .httpWebSocketKey,
            .httpWebSocketAccept, .httpWebSocketVersion, .httpWebSocketProtocol, .httpWebSocketExtensions,
            .httpResponse, .httpResponseCode, .httpResponsePhrase, .httpResponseVersion, .httpResponseLine, .transport,
            .http2Stream, .http2Method, .http2Scheme, .http2Authority, .http2Path, .http2Status, .tlsVersion,
            .tlsCipher, .tlsServerName, .tlsProtocol, .tlsRandom, .tlsKeys, .httpTime:
            []
        case .tlsReason: [.tls]
        case .sender, .ipSource, .ipDestination, .ipv6Source, .ipv6Destination, .tcpSourcePort, .tcpDestinationPort:
            [.frame, .message, .finding]
        case .finding, .severity: [.handshake, .frame, .finding]
        case .frameNumber, .frameTimeRelative, .frameTimeEpoch:
            [.handshake, .frame, .message, .finding, .comment, .connection, .tls]
        case .frameComment: [.comment]
        case .heartbeat, .incomplete, .message, .messageText, .messagePayload, .messageLength, .messageWireLength,
            .messageFrames, .messageCompressed, .messageOpcode, .appProtocol, .appKind, .appName, .appID, .appError,
            .appLatency, .appSummary, .json, .webSocket:
            [.frame, .message]
        case .number, .fin, .rsv, .rsv1, .rsv2, .rsv3, .mask, .maskingKey, .payloadLength, .payload, .payloadText,
            .payloadContinuation, .payloadPing, .payloadPong, .closeStatusCode, .closeReason:
            [.frame]
        case .opcode: [.frame, .message]
        case .duration, .closeInitiator, .closeInitiatedBy, .closeCode, .closeClean, .closeOutcome, .closeEndedBy,
            .closeIdle, .http2ResetError, .tcpRoundTrip, .tcpRetransmission, .tcpZeroWindow:
            [.connection]
        }
    }
}
