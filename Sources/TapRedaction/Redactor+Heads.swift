import TapCore
import TapHTTP
import TapWebSocket

extension Redactor {
    /// - Parameter offered: the subprotocols of the request that a response answers; `nil` if it is no response, or if they are
    ///   not known.
    mutating func head(_ head: HTTPHead, answering offered: [String]?) -> HTTPHead {
        // The fields first see all secrets, and then whatever quotes one that came later.
        isOriginal = true
        defer { isOriginal = false }
        let once = fields(head.fields, offered)
        let startLine: HTTPStartLine =
            switch head.startLine {
            case .request(let method, let target, let version):
                .request(method: shown(method), target: shown(target), version: version)
            case .response(let version, let status, let reason):
                .response(version: version, status: status, reason: shown(reason))
            }
        let twice = fields(once, offered).all.map { HTTPField(name: $0.name, value: withOtherAddresses($0.value)) }
        return HTTPHead(
            startLine: startLine, fields: HTTPFields(twice), oddities: head.oddities, droppedBytes: head.droppedBytes,
            gap: head.gap, packet: head.packet, time: head.time)
    }

    mutating func violation(_ violation: Violation) -> Violation {
        // What two copies of a segment or of a fragment hold is anything that was sent.
        let quotesSegments = violation.id == .tcpConflictingOverlap || violation.id == .ipConflictingOverlap
        let namesProtocols = Redactor.ofProtocols.contains(violation.id)
        let detail = violation.detail
        var changed: [(String, String)] = []
        func keep(_ value: String, _ other: String) -> String {
            if other != value { changed.append((value, other)) }
            return other
        }
        let evidence = violation.evidence.map { fact in
            switch fact.value {
            case .number: return fact
            case .text(let value):
                let other = quotesSegments ? Redactor.mark : namesProtocols ? protocols([value], nil)[0] : text(value)
                return Evidence(fact.name, .text(withOtherAddresses(keep(value, other))))
            case .list(let values):
                let others = namesProtocols ? protocols(values, nil) : values.map { text($0) }
                return Evidence(fact.name, .list(zip(values, others).map { withOtherAddresses(keep($0, $1)) }))
            }
        }
        let quoting = changed.reduce(detail) { quoting, change in
            let quoted = quoting.replacing("“\(change.0)”", with: "“\(change.1)”")
            return namesProtocols && change.0.count > 2 ? quoted.replacing(change.0, with: change.1) : quoted
        }
        return Violation(violation.id, as: violation.severity, by: violation.sender, shown(quoting), evidence)
    }

    /// What is found about subprotocols, which may be tokens.
    private static let ofProtocols: Set<FindingID> = [
        .requestProtocolMalformed, .requestProtocolRepeated, .responseProtocolRepeated, .responseProtocolNotOffered,
    ]

    private mutating func fields(_ fields: HTTPFields, _ offered: [String]?) -> HTTPFields {
        HTTPFields(fields.all.map { HTTPField(name: text($0.name), value: value(of: $0, offered)) })
    }

    private mutating func value(of field: HTTPField, _ offered: [String]?) -> String {
        if HTTPText.equalsIgnoringCase(field.name, "Cookie") { return cookies(field.value) }
        if HTTPText.equalsIgnoringCase(field.name, "Set-Cookie") { return cookie(field.value) }
        if HTTPText.equalsIgnoringCase(field.name, "Sec-WebSocket-Protocol") {
            let elements = field.value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            return protocols(elements, offered).joined(separator: ",")
        }
        if HTTPText.equalsIgnoringCase(field.name, "Host") || field.name == ":authority" {
            return authority(field.value)
        }
        if case .none = names.secrecy(of: field.name.utf8, in: .field) { return text(field.value) }
        return OpenValue.isTrivial(Array(field.value.utf8)[...]) ? field.value : credentials(field.value)
    }

    /// No user may stand before a host; one that does may have a password. RFC 9110 §4.2.4.
    private mutating func authority(_ value: String) -> String {
        guard let sign = value.lastIndex(of: "@") else { return text(value) }
        return secret(String(value[..<sign])) + text(String(value[sign...]))
    }

    /// The scheme stays: it tells which kind of login was tried.
    private mutating func credentials(_ value: String) -> String {
        guard let space = value.firstIndex(of: " "), LoginScheme(Array(value[..<space].utf8)[...]) != nil else {
            return secret(value)
        }
        return value[...space] + secret(String(value[value.index(after: space)...]))
    }

    /// Names stay.
    private mutating func cookies(_ value: String) -> String {
        value.split(separator: ";", omittingEmptySubsequences: false).map { pair($0) }.joined(separator: ";")
    }

    /// The name and the attributes stay.
    private mutating func cookie(_ value: String) -> String {
        let parts = value.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
        let attributes = parts.count > 1 ? ";" + text(String(parts[1])) : ""
        return parts.first.map { pair($0) + attributes } ?? value
    }

    private mutating func pair(_ text: Substring) -> String {
        guard let sign = text.firstIndex(of: "=") else { return secret(String(text)) }
        return text[...sign] + secret(String(text[text.index(after: sign)...]))
    }

    /// Clients that cannot set header fields send their token as a subprotocol, behind a word that announces it or in one
    /// with it.
    private mutating func protocols(_ elements: [String], _ offered: [String]?) -> [String] {
        var isAnnounced = false
        return elements.map { element in
            let name = HTTPText.trimmed(element)
            let announces = SecretNames.announcesToken(name)
            let isToken = isAnnounced || !announces && Subprotocol.isToken(name, names, offered)
            isAnnounced = announces
            return (element.hasPrefix(" ") ? " " : "") + (isToken ? secret(name) : text(name))
        }
    }
}

/// What a list of subprotocols may hold.
private enum Subprotocol {
    /// Whether an element is no name, but a token or has one in it.
    /// - Parameter offered: what a response chose from; `nil` if it is no response, or if that is not known.
    static func isToken(_ name: String, _ names: SecretNames, _ offered: [String]?) -> Bool {
        guard !name.isEmpty, name != Redactor.mark else { return false }
        if !HTTPText.isToken(name) { return true }
        if names.isSecret(name.utf8) { return true }
        if name.split(whereSeparator: { ".-_".contains($0) }).contains(where: { NameWords.isRandom($0.utf8) }) {
            return true
        }
        guard let offered, !offered.contains(name), !known.contains(name.lowercased()) else { return false }
        // Another version of what was offered is a mistake, not a token.
        return name.count > longestName
            || NameDistance.nearest(to: name, among: offered.filter { $0.count <= longestName }) == nil
    }

    /// Longer ones are compared with none.
    private static let longestName = 64

    /// Some that IANA has registered, and others that are common.
    private static let known: Set<String> = [
        "mbws.huawei.com", "wamp", "wamp.2.json", "wamp.2.msgpack", "wamp.2.cbor", "v10.stomp", "v11.stomp",
        "v12.stomp",
        "soap", "ocpp1.2", "ocpp1.5", "ocpp1.6", "ocpp2.0", "ocpp2.0.1", "ocpp2.1", "sip", "xmpp", "mqtt", "mqttv3.1",
        "amqp", "rfb", "binary", "base64", "graphql-ws", "graphql-transport-ws", "jsonrpc", "json-rpc", "lsp",
        "vite-hmr", "actioncable-v1-json", "actioncable-unsupported", "v4.channel.k8s.io", "v5.channel.k8s.io",
        "channel.k8s.io", "chat", "superchat", "echo", "realtime", "webpubsub", "json.webpubsub.azure.v1",
        "protobuf.webpubsub.azure.v1", "coap", "msrp", "bfcp", "webrtc.softphone.com", "tty",
    ]
}
