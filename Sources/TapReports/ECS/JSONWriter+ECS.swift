import TapAnalysis
import TapCore
import TapHTTP
import TapWebSocket

extension JSONWriter {
    mutating func write(
        ecs observation: Observation, of facts: ConnectionFacts?, _ observations: Observations,
        _ options: ReportOptions
    ) {
        beginObject()
        member("@timestamp", observation.time)
        beginObject("ecs")
        member("version", "8.11.0")
        endObject()
        writeEvent(observation)
        if let facts { write(facts, from: observation.sender) }
        switch observation {
        case .handshake(let handshake): writeECS(handshake)
        case .finding(let finding): writeECS(finding)
        case .connection(let connection): member("message", connection.close.headline)
        case .tls(let unread): member("message", unread.sentence)
        case .frame, .message: break
        }
        beginObject("wstap")
        key(observation.kind)
        write(observation, of: observations, options)
        endObject()
        endObject()
        raw("\n")
    }

    private mutating func writeEvent(_ observation: Observation) {
        beginObject("event")
        member("kind", observation.isAlert ? "alert" : "event")
        member("category", ["network"])
        member("type", observation.eventTypes)
        member("module", "wstap")
        member("dataset", "wstap.\(observation.kind)")
        member("action", "websocket-\(observation.kind)")
        switch observation {
        case .handshake(let handshake): member("outcome", handshake.verdict.outcome)
        case .connection(let connection):
            member("start", connection.opened)
            member("end", connection.closed)
            member("duration", connection.duration)
        case .finding(let finding):
            member("code", finding.violation.id.rawValue)
            member("severity", finding.violation.severity.syslogNumber)
        case .frame, .message, .tls: break
        }
        endObject()
    }

    private mutating func write(_ facts: ConnectionFacts, from sender: Sender?) {
        beginObject("network")
        member("transport", facts.stream?.transport.isOverUDP ?? false ? "udp" : "tcp")
        member("protocol", "websocket")
        member("type", facts.client.address.isIPv6 ? "ipv6" : "ipv4")
        member("community_id", facts.communityID)
        if let vlan = facts.vlans.first {
            beginObject("vlan")
            member("id", "\(vlan)")
            endObject()
        }
        endObject()
        let (source, destination) =
            sender == .server ? (facts.server, facts.client) : (facts.client, facts.server)
        member(address: "client", facts.client)
        member(address: "server", facts.server)
        member(address: "source", source)
        member(address: "destination", destination)
    }

    private mutating func member(address name: StaticString, _ endpoint: Endpoint) {
        beginObject(name)
        member("address", endpoint.address.description)
        member("ip", endpoint.address.description)
        member("port", endpoint.port)
        endObject()
    }

    private mutating func writeECS(_ handshake: Handshake) {
        if case .request(let method, let target, let version) = handshake.request?.startLine {
            let fields = handshake.request?.fields ?? HTTPFields()
            let parts = RequestTarget(target)
            beginObject("url")
            let host = handshake.request?.host ?? handshake.server.description
            member("full", HARAddress.text(parts, host: host, isSecure: handshake.tls != nil))
            member("original", target)
            member("path", parts.path)
            member("query", parts.query)
            member("domain", handshake.request?.host)
            endObject()
            beginObject("http")
            member("version", String(version.dropFirst(5)))
            beginObject("request")
            member("method", method)
            endObject()
            if let status = handshake.status {
                beginObject("response")
                member("status_code", status)
                endObject()
            }
            endObject()
            if let agent = fields["User-Agent"].first {
                beginObject("user_agent")
                member("original", agent)
                endObject()
            }
        }
        member("message", "handshake \(handshake.verdict.rawValue)")
    }

    private mutating func writeECS(_ finding: Finding) {
        beginObject("rule")
        member("id", finding.violation.id.rawValue)
        member("name", finding.violation.id.meaning)
        member("reference", URIText.rule(finding.violation.id.reference))
        member("ruleset", "wstap")
        endObject()
        member("message", finding.violation.detail)
    }
}

extension Observation {
    fileprivate var kind: String {
        switch self {
        case .handshake: "handshake"
        case .frame: "frame"
        case .message: "message"
        case .finding: "finding"
        case .connection: "connection"
        case .tls: "tls"
        }
    }

    fileprivate var time: Timestamp {
        switch self {
        case .handshake(let handshake): handshake.time
        case .frame(let frame): frame.time
        case .message(let message): message.time
        case .finding(let finding): finding.time
        case .connection(let connection): connection.closed
        case .tls(let unread): unread.time
        }
    }

    fileprivate var sender: Sender? {
        switch self {
        case .frame(let frame): frame.sender
        case .message(let message): message.sender
        case .finding(let finding): finding.sender
        case .handshake, .connection, .tls: nil
        }
    }

    /// Allowed values of `event.type` for the category network.
    fileprivate var eventTypes: [String] {
        switch self {
        case .handshake: ["connection", "start", "protocol"]
        case .connection: ["connection", "end", "protocol"]
        case .frame, .message, .finding, .tls: ["protocol", "info"]
        }
    }

    /// What breaks a MUST is worth an alert.
    fileprivate var isAlert: Bool {
        if case .finding(let finding) = self { finding.violation.severity == .error } else { false }
    }
}

extension Verdict {
    /// Allowed values of `event.outcome`.
    fileprivate var outcome: String {
        switch self {
        case .valid: "success"
        case .invalid, .refused: "failure"
        case .unanswered, .unverifiable, .midstream: "unknown"
        }
    }
}

extension Severity {
    /// The severity of syslog. RFC 5424 §6.2.1.
    fileprivate var syslogNumber: Int {
        switch self {
        case .error: 3
        case .warning: 4
        case .note: 6
        }
    }
}
