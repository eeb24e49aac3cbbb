import TapCore

/// What a filter can ask for. Names are Wireshark's where it has one for the same thing.
public enum FilterField: String, CaseIterable, Hashable, Sendable {
    case type
    case connection
    case sender
    case verdict
    case finding
    case severity
    case heartbeat
    case incomplete

    case frameNumber = "frame.number"
    case frameTimeRelative = "frame.time_relative"
    case frameTimeEpoch = "frame.time_epoch"
    case frameComment = "frame.comment"

    case ipAddress = "ip.addr"
    case ipSource = "ip.src"
    case ipDestination = "ip.dst"
    case ipv6Address = "ipv6.addr"
    case ipv6Source = "ipv6.src"
    case ipv6Destination = "ipv6.dst"
    case tcpPort = "tcp.port"
    case tcpSourcePort = "tcp.srcport"
    case tcpDestinationPort = "tcp.dstport"
    case clientAddress = "client.ip"
    case clientPort = "client.port"
    case serverAddress = "server.ip"
    case serverPort = "server.port"
    case vlan = "vlan.id"
    case vni

    case host
    case path
    case query
    case origin
    case subprotocol
    case httpRequest = "http.request"
    case httpRequestMethod = "http.request.method"
    case httpRequestURI = "http.request.uri"
    case httpRequestVersion = "http.request.version"
    case httpRequestLine = "http.request.line"
    case httpHost = "http.host"
    case httpUserAgent = "http.user_agent"
    case httpReferer = "http.referer"
    case httpCookie = "http.cookie"
    case httpAuthorization = "http.authorization"
    case httpConnection = "http.connection"
    case httpUpgrade = "http.upgrade"
    case httpWebSocketKey = "http.sec_websocket_key"
    case httpWebSocketAccept = "http.sec_websocket_accept"
    case httpWebSocketVersion = "http.sec_websocket_version"
    case httpWebSocketProtocol = "http.sec_websocket_protocol"
    case httpWebSocketExtensions = "http.sec_websocket_extensions"
    case httpResponse = "http.response"
    case httpResponseCode = "http.response.code"
    case httpResponsePhrase = "http.response.phrase"
    case httpResponseVersion = "http.response.version"
    case httpResponseLine = "http.response.line"
    case httpTime = "http.time"

    case transport
    case http2Stream = "http2.streamid"
    case http2Method = "http2.headers.method"
    case http2Scheme = "http2.headers.scheme"
    case http2Authority = "http2.headers.authority"
    case http2Path = "http2.headers.path"
    case http2Status = "http2.headers.status"
    case http2ResetError = "http2.rst_stream.error"

    case tlsVersion = "tls.version"
    case tlsCipher = "tls.cipher"
    case tlsServerName = "tls.handshake.extensions_server_name"
    case tlsProtocol = "tls.handshake.extensions_alpn_str"
    case tlsRandom = "tls.handshake.random"
    case tlsKeys = "tls.keys"
    case tlsReason = "tls.reason"

    case webSocket = "websocket"
    case number = "websocket.number"
    case fin = "websocket.fin"
    case rsv = "websocket.rsv"
    case rsv1 = "websocket.rsv1"
    case rsv2 = "websocket.rsv2"
    case rsv3 = "websocket.rsv3"
    case opcode = "websocket.opcode"
    case mask = "websocket.mask"
    case maskingKey = "websocket.masking_key"
    case payloadLength = "websocket.payload_length"
    case payload = "websocket.payload"
    case payloadText = "websocket.payload.text"
    case payloadContinuation = "websocket.payload.continue"
    case payloadPing = "websocket.payload.ping"
    case payloadPong = "websocket.payload.pong"
    case closeStatusCode = "websocket.payload.close.status_code"
    case closeReason = "websocket.payload.close.reason"

    case message
    case messageText = "message.text"
    case messagePayload = "message.payload"
    case messageLength = "message.length"
    case messageWireLength = "message.wire_length"
    case messageFrames = "message.frames"
    case messageCompressed = "message.compressed"
    case messageOpcode = "message.opcode"

    case appProtocol = "app.protocol"
    case appKind = "app.kind"
    case appName = "app.name"
    case appID = "app.id"
    case appError = "app.error"
    case appLatency = "app.latency"
    case appSummary = "app.summary"
    case json

    case duration
    case closeInitiator = "close.initiator"
    case closeInitiatedBy = "close.initiated_by"
    case closeCode = "close.code"
    case closeClean = "close.clean"
    case closeOutcome = "close.outcome"
    case closeEndedBy = "close.ended_by"
    case closeIdle = "close.idle_seconds"
    case tcpRoundTrip = "tcp.analysis.initial_rtt"
    case tcpRetransmission = "tcp.analysis.retransmission"
    case tcpZeroWindow = "tcp.analysis.zero_window"
}

extension FilterField {
    /// Whether its values are known only once the message that a frame belongs to is over.
    var isOfMessage: Bool {
        self == .heartbeat || self == .message || self == .json || isOfApplication || rawValue.hasPrefix("message.")
    }

    /// Whether its values are what a message says in the protocol that it belongs to.
    var isOfApplication: Bool { rawValue.hasPrefix("app.") }

    /// Whether its values are payload.
    var isPayload: Bool {
        switch self {
        case .payload, .payloadText, .payloadContinuation, .payloadPing, .payloadPong, .messageText, .messagePayload,
            .heartbeat, .json:
            true
        default: false
        }
    }

    /// What Wireshark has, and who comes from there asks for.
    private static let advice = [
        "tcp.stream": "connection numbers those of WebSocket, as in connection == 3",
        "tcp": "all that is shown is TCP; ip.addr, tcp.port and connection choose among it",
        "http": "http.request and http.response choose handshakes, websocket what follows",
        "tls": "tls.version is there where a connection is in TLS",
    ]

    /// What may have been meant by a name that no field has; empty where nothing is near.
    static func hint(for name: String) -> String {
        // What is much longer than any name is none that was misspelled.
        guard name.utf8.count <= 64 else { return "" }
        if let advice = advice[name] { return "; \(advice)" }
        let names = allCases.map(\.rawValue)
        if let near = NameDistance.nearest(to: name, among: names) { return "; did you mean \(near)?" }
        let holding = names.filter { $0.hasSuffix(".\(name)") || $0.contains(".\(name).") || $0.hasPrefix("\(name).") }
        switch holding.count {
        case 0: return "; “wstap fields” lists them"
        case 1...6: return "; did you mean \(holding.joined(separator: ", "))?"
        default: return "; \(holding.count) names have it as a part, \(holding.prefix(3).joined(separator: ", ")), …"
        }
    }
}
