import TapAnalysis
import TapCore
import TapHTTP
import TapWebSocket

extension JSONWriter {
    mutating func write(
        _ observation: borrowing Observation, of observations: borrowing Observations, _ options: ReportOptions
    ) {
        switch observation {
        case .handshake(let handshake): write(handshake, options)
        case .frame(let frame):
            write(
                frame, ShownPayload(of: frame, in: observations, options),
                ShownPayload(inflated: frame, in: observations, options), of: observations)
        case .message(let message):
            write(message, ShownPayload(of: message, in: observations, options), of: observations)
        case .finding(let finding): write(finding)
        case .connection(let connection): write(connection)
        case .tls(let unread): write(unread)
        }
    }

    private mutating func write(_ handshake: Handshake, _ options: ReportOptions) {
        beginObject()
        member("type", "handshake")
        member("connection", handshake.connection)
        member("connection_id", handshake.connectionID)
        member("time", handshake.time)
        member("packet", handshake.packet.rawValue)
        member("client", handshake.client)
        member("server", handshake.server)
        write(handshake.network)
        member("community_id", CommunityID.text(of: handshake))
        member("verdict", handshake.verdict.rawValue)
        member("confidence_percent", handshake.confidence)
        if let process = handshake.process {
            beginObject("process")
            member("name", process.name)
            member("pid", Int(process.identifier))
            endObject()
        }
        if let proxy = handshake.proxy { write(proxy) }
        if let stream = handshake.stream { write(stream) }
        if let tls = handshake.tls { write(tls) }
        if let request = handshake.request { write(request: request) }
        if let response = handshake.response { write(response: response, of: handshake, options) }
        if let time = handshake.responseTime { member("response_seconds", seconds: time) }
        if let pair = handshake.pair { write(pair) }
        member("findings", handshake.violations.lazy.map(\.id.rawValue))
        endObject()
    }

    private mutating func write(_ network: NetworkID) {
        var (vlans, virtual): ([Int], [Int]) = ([], [])
        for element in network.elements {
            switch element {
            case .vlan(let identifier): vlans.append(identifier)
            case .virtual(let identifier): virtual.append(identifier)
            }
        }
        if !vlans.isEmpty { member("vlan", vlans) }
        if !virtual.isEmpty { member("vni", virtual) }
    }

    private mutating func write(_ proxy: ProxyHeader) {
        beginObject("proxy")
        member("version", proxy.version)
        if let client = proxy.client { member("client", client) }
        if let server = proxy.server { member("server", server) }
        if case .unix(let source, let destination) = proxy.addresses {
            member("client_path", String(decoding: source, as: UTF8.self))
            member("server_path", String(decoding: destination, as: UTF8.self))
        }
        if case .requested(let host, let port) = proxy.addresses {
            beginObject("requested")
            member("host", host)
            member("port", Int(port))
            endObject()
        }
        endObject()
    }

    private mutating func write(request: HTTPHead) {
        let fields = request.fields
        beginObject("request")
        member("packet", request.packet.rawValue)
        member("time", request.time)
        if case .request(let method, let target, let version) = request.startLine {
            member("method", method)
            member("target", target)
            member("version", version)
        }
        member("host", request.host)
        member("origin", fields["Origin"].first)
        member("user_agent", fields["User-Agent"].first)
        member("websocket_version", fields["Sec-WebSocket-Version"].first)
        member("key", fields["Sec-WebSocket-Key"].first)
        member("protocols", fields.list("Sec-WebSocket-Protocol"))
        member("extensions", fields.list("Sec-WebSocket-Extensions"))
        endObject()
    }

    private mutating func write(response: HTTPHead, of handshake: Handshake, _ options: ReportOptions) {
        let fields = response.fields
        beginObject("response")
        member("packet", response.packet.rawValue)
        member("time", response.time)
        if case .response(_, let status, let reason) = response.startLine {
            member("status", status)
            member("reason", reason)
        }
        member("accept", fields["Sec-WebSocket-Accept"].first)
        // A refusal has nothing to prove.
        if handshake.status == 101 { member("expected_accept", handshake.expectedAccept) }
        member("accept_valid", handshake.isAcceptValid)
        member("protocol", fields["Sec-WebSocket-Protocol"].first)
        member("extensions", handshake.extensions)
        let limit = options.payload == .preview ? options.previewLength : ResponseBody.limit
        if let body = ShownBody(of: handshake, limit: limit, options.payload) { write(body) }
        endObject()
    }

    private mutating func write(_ body: ShownBody) {
        if body.isText {
            member("body", text: body.bytes.span.bytes)
        } else {
            member("body", base64: body.bytes.span.bytes)
        }
        member("body_encoding", body.isText ? "utf8" : "base64")
        if body.isTruncated { member("body_truncated", true) }
    }

    private mutating func write(_ finding: Finding) {
        let violation = finding.violation
        beginObject()
        member("type", "finding")
        member("connection", finding.connection)
        member("connection_id", finding.connectionID)
        member("time", finding.time)
        member("packet", finding.packet.rawValue)
        member("frame", finding.frame)
        member("sender", finding.sender?.rawValue)
        member("id", violation.id.rawValue)
        member("severity", violation.severity.rawValue)
        member("reference", violation.id.reference)
        member("detail", violation.detail)
        write(violation.evidence)
        endObject()
    }

    mutating func write(_ facts: [Evidence]) {
        key(String("evidence"))
        writeMembers(facts)
    }

    /// The facts as an object of their own.
    mutating func writeMembers(_ facts: [Evidence]) {
        beginObject()
        for fact in facts {
            key(fact.name)
            switch fact.value {
            case .text(let text): string(text)
            case .number(let value): number(value)
            case .list(let texts): list(texts)
            }
        }
        endObject()
    }

    private mutating func write(_ names: [String]) { if !names.isEmpty { member("names", names) } }

    mutating func member(_ name: StaticString, _ id: ConnectionID) { member(name, id.description) }

    mutating func member(_ name: StaticString, _ endpoint: Endpoint) {
        beginObject(name)
        member("ip", endpoint.address.description)
        member("port", endpoint.port)
        if !names.isEmpty { write(names[endpoint.address]) }
        endObject()
    }
}

extension JSONWriter {
    mutating func write(_ comment: CaptureComment) {
        beginObject()
        member("type", "comment")
        member("subject", comment.subjectName)
        if case .packet(let number, let time) = comment.subject {
            member("time", time)
            member("packet", number.rawValue)
        }
        member("text", String(decoding: comment.text, as: UTF8.self))
        endObject()
    }
}
